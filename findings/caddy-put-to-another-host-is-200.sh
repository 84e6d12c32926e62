#!/bin/bash
# Caddy answers a PUT for a host that none of its sites has with 200 and an empty body.
#
# Guess:    404 or 421 (Misdirected Request): nobody was there to take the body.
# In fact:  a request that matches no site runs through an empty chain of handlers, which is a success: 200, no body, and
#           the backend never hears of it.
# Version:  caddy 2.6.2-5, curl 7.88.1-10+deb12u15.
# Matters:  an upload through a second name, an address instead of the name, or a forgotten port in the site's address
#           "succeeds", and the file is nowhere. A client must look for the 201, or for what the server says it has stored.
set -euo pipefail

dir=$(mktemp -d)
trap 'for pid in ${server:-} ${caddy:-}; do kill "$pid" && wait "$pid"; done 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(caddy=2.6.2-5 curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > server.py <<'PY'
import http.server

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("took", "a") as file:
            file.write(f"{len(body)}\n")
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
with open("port", "w") as file:
    file.write(str(server.server_port))
server.serve_forever()
PY
: > took
python3 server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf '{\n  admin off\n}\nhttp://files.example:%s {\n  bind 127.0.0.1\n  reverse_proxy 127.0.0.1:%s\n}\n' "$port" "$(cat port)" > Caddyfile
export HOME="$dir" XDG_CONFIG_HOME="$dir" XDG_DATA_HOME="$dir"
root/usr/bin/caddy run --config Caddyfile --adapter caddyfile >caddy.log 2>&1 &
caddy=$!
for _ in $(seq 200); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.05; done

head -c 1000000 /dev/zero > body
seen=""
for host in "files.example:$port" "127.0.0.1:$port"; do
  : > took
  code=0
  status=$(LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu" root/usr/bin/curl -q -s -f --max-time 60 -T body -H "Host: $host" \
    -w '%{http_code}' "http://127.0.0.1:$port/file") || code=$?
  seen+="PUT to ${host%:*}: status $status, exit code $code; backend took $(cat took | tr -d '\n')
"
done
echo -n "$seen"
diff <(echo -n "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
PUT to files.example: status 201, exit code 0; backend took 1000000
PUT to 127.0.0.1: status 200, exit code 0; backend took 
SEEN
