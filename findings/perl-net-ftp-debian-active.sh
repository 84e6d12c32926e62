#!/bin/bash
# Debian's Net::FTP is active by default, against its own manual and its own Config.pm.
#
# Guess:    Net::FTP asks for passive data connections unless told otherwise: Net/Config.pm of libnet 3.x has
#           `ftp_ext_passive => 1` and `ftp_int_passive => 1`.
# In fact:  Debian's package `perl` ships /etc/perl/Net/libnet.cfg, which Config.pm loads afterwards and which sets both
#           to 0. Every script that does not say Passive => 1 sends PORT or EPRT, and the server has to connect back.
# Version:  perl 5.36.0-7+deb12u4 (libnet 3.14), asked against pyftpdlib 1.5.7-3.
# Matters:  transfer scripts that work on other systems get no data connection from Debian through NAT, or from any server
#           that offers passive mode only; the control connection works, so the sign-in succeeds and the transfer fails.
set -euo pipefail

dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(perl=5.36.0-7+deb12u4 perl-modules-5.36=5.36.0-7+deb12u4 perl-base=5.36.0-7+deb12u4
  libperl5.36=5.36.0-7+deb12u4 python3-pyftpdlib=1.5.7-3)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > server.py <<'PY'
import logging, sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

class Handler(FTPHandler):
    def pre_process_command(self, line, command, arg):
        with open("commands", "a") as log:
            log.write(command + "\n")
        super().pre_process_command(line, command, arg)

logging.basicConfig(level=logging.ERROR)
Handler.authorizer = DummyAuthorizer()
Handler.authorizer.add_user("ann", "secret", ".", perm="elradfmw")
server = FTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.socket.getsockname()[1]))
server.serve_forever()
PY
PYTHONPATH="$dir/root/usr/lib/python3/dist-packages" python3 -W ignore server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done

perl=("$dir/root/usr/bin/perl" "-I$dir/root/etc/perl" "-I$dir/root/usr/share/perl/5.36"
  "-I$dir/root/usr/lib/x86_64-linux-gnu/perl/5.36" "-I$dir/root/usr/lib/x86_64-linux-gnu/perl-base")
put='use Net::FTP; my $f = Net::FTP->new("127.0.0.1", Port => shift, @ARGV) or die $@; $f->login("ann", "secret") or die;
  open my $in, "<", \"seven b"; $f->put($in, "file") or die $f->message; $f->quit'
echo "# libnet $("${perl[@]}" -MNet::FTP -e 'print $Net::FTP::VERSION'), loaded from $("${perl[@]}" -MNet::FTP -e 'print $INC{"Net/FTP.pm"} =~ s/.*root//r')"
"${perl[@]}" -e "$put" "$(cat port)"
unsaid=$(grep -xE 'PORT|EPRT|PASV|EPSV' commands | head -1)
: > commands
"${perl[@]}" -e "$put" "$(cat port)" Passive 1
said=$(grep -xE 'PORT|EPRT|PASV|EPSV' commands | head -1)
shipped=$(grep -oE 'ftp_(ext|int)_passive +=> +[01]' "$dir/root/usr/share/perl/5.36/Net/Config.pm" | tr -s ' ')
debian=$(grep -oE 'ftp_(ext|int)_passive +=> +[01]' "$dir/root/etc/perl/Net/libnet.cfg" | tr -s ' ')

seen="Config.pm: $shipped
libnet.cfg: $debian
without an option: $unsaid
with Passive => 1: $said"
echo "$seen"
diff <(echo "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
Config.pm: ftp_ext_passive => 1
ftp_int_passive => 1
libnet.cfg: ftp_ext_passive => 0
ftp_int_passive => 0
without an option: PORT
with Passive => 1: PASV
SEEN
