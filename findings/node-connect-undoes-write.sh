#!/bin/bash
# A class derived from Node's net.Socket whose write() is its own: connect() puts Node's write() back, without a word.
#
# Guess:    what a derived class overrides is called, as with any other class; _write() of such a class is, too.
# In fact:  connect() compares this.write with Socket.prototype.write, and where they differ it sets Node's own on the object
#           (left from sockets whose write() was replaced when they ended). From then on the override is never called. A
#           write() that is set on the object after connect() stays.
# Version:  Node 20.20.0 and 24.9.0, by the npm package "node".
# Matters:  a class that gathers, counts or delays what is written works in a test without a network, and does nothing in
#           use; no error tells of it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > write.mjs <<'JS'
import { once } from "node:events";
import { createServer, Socket } from "node:net";

class Counting extends Socket {
  counted = 0;
  write(...words) {
    this.counted += 1;
    return super.write(...words);
  }
}

const server = createServer((far) => far.resume()).listen(0, "127.0.0.1");
await once(server, "listening");

async function counted(prepare) {
  const socket = new Counting();
  socket.connect(server.address().port, "127.0.0.1");
  prepare(socket);
  await once(socket, "connect");
  socket.write("a");
  socket.write("b");
  socket.end();
  await once(socket, "close");
  return socket.counted;
}

console.log(`an override of the class: ${await counted(() => undefined)} of 2 writes reach it`);
const again = (socket) => {
  socket.write = Counting.prototype.write;
};
console.log(`the same, set on the object after connect(): ${await counted(again)} of 2 writes reach it`);
server.close();
JS
for version in 20.20.0 24.9.0; do
  npm install --prefix "$dir/$version" --no-audit --no-fund "node@$version" >npm.log 2>&1 ||
    { echo "Not served any more, or no npm: node@$version"; tail -3 npm.log; exit 77; }
  echo "Node $version"
  "$dir/$version/node_modules/node/bin/node" write.mjs
done > seen
cat seen
diff seen - <<'SEEN' || { echo "It behaves differently now"; exit 1; }
Node 20.20.0
an override of the class: 0 of 2 writes reach it
the same, set on the object after connect(): 2 of 2 writes reach it
Node 24.9.0
an override of the class: 0 of 2 writes reach it
the same, set on the object after connect(): 2 of 2 writes reach it
SEEN
