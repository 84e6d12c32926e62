"""OpenStack Swift with its S3 API in one process: account, container and object server and the proxy, on loopback.

Usage: /usr/bin/python3 swift-server.py FOLDER MAX_PARTS [CORS_ORIGIN]. Prints its address when it listens. SIGTERM ends it, and so does
the end of its input; in the latter case it removes FOLDER, where everything lies. Needs Debian's python3-swift, none of its daemons, and
no memcached: the cache is a dictionary here.
"""
import logging
import os
import shutil
import signal
import sys
import time

import eventlet

eventlet.monkey_patch()
folder, max_parts = os.path.abspath(sys.argv[1]), int(sys.argv[2])
cors_origin = sys.argv[3] if len(sys.argv) > 3 else ''
os.makedirs(os.path.join(folder, 'disk', 'd1'))
with open(os.path.join(folder, 'swift.conf'), 'w') as conf:
    conf.write('[swift-hash]\nswift_hash_path_suffix = naru\n')

from swift.common import utils  # noqa: E402  (reads the folder's configuration)

utils.set_swift_dir(folder)
utils.validate_hash_conf()

from eventlet import wsgi  # noqa: E402
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402


class Cache:
    """What Swift asks of memcached, for one process."""

    def __init__(self):
        self.kept = {}

    def get(self, key, raise_on_error=False):
        value, until = self.kept.get(key, (None, 0))
        return None if until and until < time.time() else value

    def set(self, key, value, time=0, **_):
        self.kept[key] = (value, self.until(time))

    def incr(self, key, delta=1, time=0):
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, time=time)
        return value

    def decr(self, key, delta=1, time=0):
        return self.incr(key, -delta, time)

    def delete(self, key, server_key=None):
        self.kept.pop(key, None)

    def get_multi(self, keys, server_key=None):
        return [self.get(key) for key in keys]

    def set_multi(self, mapping, server_key=None, time=0, **_):
        for key, value in mapping.items():
            self.set(key, value, time=time)

    @staticmethod
    def until(seconds):
        return time.time() + seconds if seconds else 0


def cache_filter(_conf, **_settings):
    cache = Cache()

    def around(app):
        def answer(environ, start_response):
            environ['swift.cache'] = cache
            return app(environ, start_response)
        return answer
    return around


# The configuration names the filter by its module.
sys.modules['naru_peer'] = sys.modules['__main__']

STORAGE = ('account', 'container', 'object')
PROXY = 'catch_errors gatekeeper cache listing_formats bulk s3api tempauth copy slo dlo symlink proxy-server'
# An operator who admits pages sets both: `cors_preflight_allow_origin` answers the preflight, these the request itself.
PROXY_OPTIONS = (f'allow_account_management = true\naccount_autocreate = true\ncors_allow_origin = {cors_origin}\n'
                 'cors_expose_headers = etag, content-range, content-length, accept-ranges\n')
SETTINGS = {
    # Parts may be small, so that a test of very many costs little.
    's3api': f's3_acl = no\nlocation = us-east-1\nmin_segment_size = 1\nmax_upload_part_num = {max_parts}\n'
             f'cors_preflight_allow_origin = {cors_origin}\n',
    'tempauth': 'user_naru_naru = secret .admin\n',
}


def filter_section(name):
    by = 'paste.filter_factory = naru_peer:cache_filter' if name == 'cache' else f'use = egg:swift#{name}'
    return f'[filter:{name}]\n{by}\n{SETTINGS.get(name, "")}'


def serve(name, pipeline, socket):
    *filters, app = pipeline.split()
    options = PROXY_OPTIONS if name == 'proxy' else ''
    place = os.path.join(folder, f'{name}.conf')
    with open(place, 'w') as conf:
        conf.write(f'[DEFAULT]\nswift_dir = {folder}\ndevices = {folder}/disk\nmount_check = false\nlog_level = CRITICAL\n'
                   f'[pipeline:main]\npipeline = {pipeline}\n[app:{app}]\nuse = egg:swift#{name}\n{options}'
                   + ''.join(filter_section(one) for one in filters))
    eventlet.spawn(wsgi.server, socket, loadapp(place, allow_modify_pipeline=False), logging.getLogger('swift'),
                   protocol=SwiftHttpProtocol, log_output=False, capitalize_response_headers=False)


sockets = {name: eventlet.listen(('127.0.0.1', 0)) for name in (*STORAGE, 'proxy')}
for name in STORAGE:
    port = sockets[name].getsockname()[1]
    ring = RingBuilder(4, 1, 0)
    ring.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'replication_ip': '127.0.0.1',
                  'replication_port': port, 'device': 'd1', 'weight': 1, 'meta': ''})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, f'{name}.ring.gz'))
for name in STORAGE:
    serve(name, f'{name}-server', sockets[name])
serve('proxy', PROXY, sockets['proxy'])

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
print(f'http://127.0.0.1:{sockets["proxy"].getsockname()[1]}', flush=True)
# Whoever started it holds the other end: when that is gone, so is this.
eventlet.tpool.execute(sys.stdin.read)
shutil.rmtree(folder, ignore_errors=True)
os._exit(0)
