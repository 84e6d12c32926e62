#!/bin/bash
# ncftpput -z announces where it resumes, then sends the file from its first byte.
#
# Guess:    `-z` ("try to resume") asks for the size there, sends REST with it, skips so many bytes of the local file and sends the rest.
# In fact:  it asks for the size and sends REST, but does not move in the local file: the server writes the whole file behind the
#           part that it has. 400,000 bytes there and 1,000,013 bytes here become 1,400,013, and the exit code is 0.
#           ncftpget -z, the other direction, is right.
# Version:  ncftp 2:3.2.6-1+b1, against pyftpdlib 1.5.7-3 (vsftpd 3.0.3 gives the same file).
# Matters:  resuming is what people use it for with large files, and nothing but a comparison of sizes shows the damage:
#           a server cannot tell these requests from those of a client that means them.
set -euo pipefail

dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(ncftp=2:3.2.6-1+b1 python3-pyftpdlib=1.5.7-3)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

mkdir there
cat > server.py <<'PY'
import logging
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

class Handler(FTPHandler):
    def pre_process_command(self, line, command, arg):
        if command in ("REST", "STOR", "APPE", "RETR"):
            with open("commands", "a") as log:
                log.write(command + (" " + arg if command == "REST" else "") + "\n")
        super().pre_process_command(line, command, arg)

logging.basicConfig(level=logging.ERROR)
Handler.authorizer = DummyAuthorizer()
Handler.authorizer.add_user("ann", "secret", "there", perm="elradfmw")
server = FTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.socket.getsockname()[1]))
server.serve_forever()
PY
PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 -W ignore server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done

head -c 1000013 /dev/urandom > file
head -c 400000 file > there/file
export HOME="$dir" LC_ALL=C.UTF-8
who=(-V -z -u ann -p secret -P "$(cat port)")
code=0
"$dir/root/usr/bin/ncftpput" "${who[@]}" 127.0.0.1 / file 2>/dev/null || code=$?
up="exit code $code, $(stat -c %s there/file) bytes"
cmp -s there/file <(head -c 400000 file; cat file) && up="$up: the part that was there, then the whole file"
commands=$(tr '\n' ',' < commands)

cp file there/down
head -c 400000 file > down
: > commands
"$dir/root/usr/bin/ncftpget" "${who[@]}" 127.0.0.1 . /down
down=different
cmp -s down file && down=same

seen="ncftpput -z: $commands
$up
ncftpget -z: $(tr '\n' ',' < commands) $down"
echo "$seen"
diff <(echo "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
ncftpput -z: REST 400000,STOR,
exit code 0, 1400013 bytes: the part that was there, then the whole file
ncftpget -z: REST 400000,RETR, same
SEEN
