"""get REMOTE LOCAL | resume LOCAL REMOTE, by paramiko."""

import os
import sys

import paramiko

env = os.environ
client = paramiko.SSHClient()
client.load_host_keys("known_hosts")
who = {"username": env["NARU_USER"], "password": env["NARU_PASSWORD"], "look_for_keys": False, "allow_agent": False}
client.connect(env["NARU_HOST"], int(env["NARU_PORT"]), **who)
sftp = client.open_sftp()
verb, *names = sys.argv[1:]
if verb == "get":
    sftp.get(names[0], names[1])
elif verb == "resume":
    with open(names[0], "rb") as local, sftp.open(names[1], "ab") as remote:
        local.seek(sftp.stat(names[1]).st_size)
        remote.write(local.read())
client.close()
