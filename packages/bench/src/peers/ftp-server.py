"""
The source document's proposed server: an FTP server that takes a file whole, then uploads it to the bucket. pyftpdlib
and boto3 with their defaults. `ftp-server.py ADDRESS PORT FOLDER` says `ready`, and `stored NAME TIME` when a file is in
the bucket: the answer 226 comes before, when the file has only arrived here.
"""

import os
import sys
import time

import boto3
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

address, port, folder = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=os.environ["BENCH_ENDPOINT"])


class Uploading(FTPHandler):
    authorizer = DummyAuthorizer()

    def on_file_received(self, file):
        name = os.path.basename(file)
        s3.upload_file(file, os.environ["BENCH_BUCKET"], name)
        print("stored", name, time.time(), flush=True)


Uploading.authorizer.add_user("bench", "bench", folder, perm="elradfmw")
server = FTPServer((address, int(port)), Uploading)
print("ready", flush=True)
server.serve_forever()
