#!/bin/bash
# `curl -C - --retry` does not continue where a retry could: each one starts at byte 0 and throws away what came.
#
# Guess:    `-C -` ("find out where to continue from the file that is there") is asked again before each retry, so that a
#           retry costs the bytes that are missing only.
# In fact:  the offset is found once, when curl starts. With no file there it is 0, and every retry truncates the file to 0
#           and asks for all of it: on a line that breaks each time it never ends, where a shell loop around `curl -C -`
#           would. With a file there, retries go back to its length at the start.
# Version:  curl 7.88.1-10+deb12u15.
# Matters:  these two options together are the usual advice for large downloads over bad lines.
set -euo pipefail

dir=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > server.py <<'PY'
import http.server

body = bytes(range(250)) * 4000

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # Every answer ends 300,000 bytes after where it starts.
        start = int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-"))
        with open("starts", "a") as file:
            file.write(f"{start} ")
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start : start + 300000])
        self.close_connection = True

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
PY
python3 server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done

curl=(env "LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu" root/usr/bin/curl -q -s -C -)
url=http://127.0.0.1:$(cat port)/
code=0
"${curl[@]}" --retry 4 --retry-delay 1 --retry-all-errors -o retried "$url" || code=$?
seen="--retry 4: exit code $code, $(stat -c %s retried) of 1000000 bytes, ranges from $(cat starts)
"
: > starts
for _ in 1 2 3 4; do "${curl[@]}" -o looped "$url" && break; done
seen+="a loop of four: $(stat -c %s looped) of 1000000 bytes, ranges from $(cat starts)
"
head -c 100000 looped > begun
: > starts
code=0
"${curl[@]}" --retry 2 --retry-delay 1 --retry-all-errors -o begun "$url" || code=$?
seen+="--retry 2, 100000 there: exit code $code, $(stat -c %s begun) bytes, ranges from $(cat starts)"
echo "$seen"
diff <(echo "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
--retry 4: exit code 18, 300000 of 1000000 bytes, ranges from 0 0 0 0 0 
a loop of four: 1000000 of 1000000 bytes, ranges from 0 300000 600000 900000 
--retry 2, 100000 there: exit code 18, 400000 bytes, ranges from 100000 100000 100000 
SEEN
