#!/bin/bash
# wget2 ends with 0 when the body of known length is cut, and keeps the part as if it were the file.
#
# Guess:    like wget: it compares with Content-Length, tries again with a range, and in the end exits with an error.
# In fact:  wget2 1.99.1 prints "Just got 600000 of 1000000 bytes", asks nothing more and exits with 0.
#           wget 1.21.3 resumes with a range by itself and has the whole file.
# Version:  wget2 1.99.1-2.2, beside wget 1.21.3-1+deb12u1.
# Matters:  a download script that trusts the exit code takes a cut file for a whole one.
set -euo pipefail

dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(wget2=1.99.1-2.2 libwget0=1.99.1-2.2 wget=1.21.3-1+deb12u1)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > server.py <<'PY'
import http.server

body = bytes(range(250)) * 4000
asked = {}

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # The first answer to each program ends after 600,000 of the 1,000,000 bytes that it announces.
        first = self.path not in asked
        asked[self.path] = asked.get(self.path, 0) + 1
        with open("asked" + self.path, "w") as file:
            file.write(str(asked[self.path]))
        start = int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start:600000] if first else body[start:])
        self.close_connection = first

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
PY
mkdir asked
python3 server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done

export HOME="$dir" LC_ALL=C.UTF-8 LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu"
seen=""
for program in wget wget2; do
  code=0
  "root/usr/bin/$program" -q -O "$program.out" "http://127.0.0.1:$(cat port)/$program" || code=$?
  seen+="$program: exit code $code, $(stat -c %s "$program.out") of 1000000 bytes, $(cat "asked/$program") requests
"
done
echo -n "$seen"
diff <(echo -n "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
wget: exit code 0, 1000000 of 1000000 bytes, 2 requests
wget2: exit code 0, 600000 of 1000000 bytes, 1 requests
SEEN
