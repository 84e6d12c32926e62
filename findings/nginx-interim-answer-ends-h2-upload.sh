#!/bin/bash
# nginx takes an interim answer (104) for the final one: by HTTP/2 the upload goes through and is reported as failed.
#
# Guess:    a proxy passes interim answers (1xx) on or drops them (RFC 9110 15.2), and waits for the final one.
# In fact:  nginx 1.22 sends the client ":status 104" as its answer and logs the request as 104. The client keeps sending,
#           the backend takes the whole body and says 201, and at the end the client has a stream error.
# Version:  nginx 1.22.1-9+deb12u11 (proxy_request_buffering off, proxy_http_version 1.1), curl 7.88.1-10+deb12u15.
# Matters:  104 (Upload Resumption Supported, draft-ietf-httpbis-resumable-upload) comes back at the start of an upload;
#           behind nginx, every one costs its whole body and then looks like a fault of the network.
set -euo pipefail

dir=$(mktemp -d)
trap 'for pid in ${server:-} ${nginx:-}; do kill "$pid" && wait "$pid"; done 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
packages=(nginx=1.22.1-9+deb12u11 curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15)
apt-get -q -o APT::Sandbox::User=root download "${packages[@]}" >apt.log 2>&1 ||
  { echo "Not served any more: one of ${packages[*]}"; tail -3 apt.log; exit 77; }
for package in *.deb; do dpkg -x "$package" root; done

cat > server.py <<'PY'
import socket, sys

listener = socket.create_server(("127.0.0.1", 0))
with open("port", "w") as file:
    file.write(str(listener.getsockname()[1]))
while True:
    connection, _ = listener.accept()
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(65536)
    head, _, body = head.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if head.startswith(b"PUT /interim"):
        connection.sendall(b"HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /uploads/1\r\n\r\n")
    took = len(body)
    while took < int(fields[b"content-length"]):
        took += len(connection.recv(65536))
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    connection.close()
    with open("took", "a") as file:
        file.write(f"{took}\n")
PY
python3 server.py &
server=$!
for _ in $(seq 200); do [ -s port ] && break; sleep 0.05; done

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > nginx.conf <<CONF
daemon off; master_process off; worker_processes 1; pid $dir/pid; error_log $dir/error.log;
events {}
http {
  log_format status '\$status';
  access_log $dir/access.log status;
  client_body_temp_path $dir/b; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  server {
    listen 127.0.0.1:$port http2;
    client_max_body_size 0;
    location / { proxy_pass http://127.0.0.1:$(cat port); proxy_request_buffering off; proxy_http_version 1.1; }
  }
}
CONF
root/usr/sbin/nginx -p "$dir" -c "$dir/nginx.conf" 2>/dev/null &
nginx=$!
for _ in $(seq 200); do (: < "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.05; done

head -c 3000000 /dev/zero > body
seen=""
for path in plain interim; do
  code=0
  status=$(LD_LIBRARY_PATH="$dir/root/usr/lib/x86_64-linux-gnu" root/usr/bin/curl -q -s --max-time 60 --http2-prior-knowledge -T body \
    -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/$path") || code=$?
  seen+="$path: curl status $status, exit code $code; nginx logged $(tail -1 access.log); backend took $(tail -1 took) bytes
"
done
echo -n "$seen"
diff <(echo -n "$seen") - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
plain: curl status 201, exit code 0; nginx logged 201; backend took 3000000 bytes
interim: curl status 104, exit code 92; nginx logged 104; backend took 3000000 bytes
SEEN
