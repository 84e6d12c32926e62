#!/bin/bash
# fopen("ssh2.sftp://...", "a") of PHP gives a stream that cannot be written to.
#
# Guess:    mode "a" opens for appending, as with every other PHP stream: SSH_FXF_WRITE with SSH_FXF_APPEND.
# In fact:  the extension asks for APPEND alone, and not for CREAT either. The server opens the file, every write is refused,
#           fwrite() returns false without a warning, fclose() returns true, and the file is as it was. "a+" asks for WRITE.
# Version:  php8.2-ssh2 1.3.1+0.13-7 with PHP 8.2.36 and libssh2 1.10.0, against OpenSSH 9.2p1's sftp-server.
# Matters:  "a" is how a PHP program resumes an upload or adds to a log; where fwrite's result is not looked at, nothing is
#           ever added and nothing says so.
set -euo pipefail

dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(php8.2-cli=8.2.36-1~deb12u1 php8.2-ssh2=1.3.1+0.13-7 libssh2-1=1.10.0-3+deb12u1
  libargon2-1=0~20171227-0.3+deb12u1 libsodium23=1.0.18-1+deb12u1 libxml2=2.9.14+dfsg-1.3~deb12u6
  libicu72=72.1-3+deb12u1 openssh-sftp-server=1:9.2p1-2+deb12u10 python3-asyncssh=2.10.1-2+deb12u2
  python3-cryptography=38.0.4-3+deb12u1 python3-cffi-backend=1.15.1-5+b1 python3-typing-extensions=4.4.0-1)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

# asyncssh does the SSH part; OpenSSH's own program answers, and logs how files are opened.
cat > server.py <<'PY'
import asyncio, subprocess
import asyncssh

class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("ann", "secret")

    def session_requested(self):
        return Relay()

class Relay(asyncssh.SSHServerSession):
    def connection_made(self, channel):
        self.channel = channel

    def subsystem_requested(self, subsystem):
        return subsystem == "sftp"

    def session_started(self):
        with open("sftp.log", "ab") as log:
            self.program = subprocess.Popen(["root/usr/lib/openssh/sftp-server", "-e", "-l", "INFO"], bufsize=0,
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        asyncio.get_running_loop().add_reader(self.program.stdout, self.answered)

    def answered(self):
        answer = self.program.stdout.read(65536)
        self.channel.write(answer)
        if not answer:
            asyncio.get_running_loop().remove_reader(self.program.stdout)
            self.channel.exit(0)

    def data_received(self, data, datatype):
        self.program.stdin.write(data)

    def eof_received(self):
        self.program.stdin.close()

async def main():
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Server, server_host_keys=[key], encoding=None)
    with open("port", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    await server.wait_closed()

asyncio.run(main())
PY
PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 -W ignore server.py 2>server.err &
server=$!
for _ in $(seq 400); do [ -s port ] && break; sleep 0.05; done

cat > append.php <<'PHP'
<?php
[, $port, $dir, $mode] = $argv;
file_put_contents("$dir/file", "begin ");
$connection = ssh2_connect("127.0.0.1", (int) $port);
ssh2_auth_password($connection, "ann", "secret") || exit(1);
$sftp = ssh2_sftp($connection);
$stream = fopen("ssh2.sftp://" . intval($sftp) . "$dir/file", $mode);
echo $mode, ": fopen ", json_encode(is_resource($stream)), ", fwrite ", json_encode(fwrite($stream, "rest"));
echo ", fclose ", json_encode(fclose($stream)), ", file \"", file_get_contents("$dir/file"), "\"\n";
PHP
php=(env "LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu" root/usr/bin/php8.2 -n
  -d "extension=$dir/root/usr/lib/php/20220829/ssh2.so")
seen=$(for mode in a a+; do timeout 60 "${php[@]}" append.php "$(cat port)" "$dir" "$mode"; done)
seen="$seen
$(grep -oE '^open .* flags [A-Z,]+' sftp.log | sed 's/.*flags/flags/')"
echo "$seen"
diff <(echo "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
a: fopen true, fwrite false, fclose true, file "begin "
a+: fopen true, fwrite 4, fclose true, file "begin rest"
flags APPEND
flags READ,WRITE,APPEND
SEEN
