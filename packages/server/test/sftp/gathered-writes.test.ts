import { once } from "node:events";
import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { gatherWrites } from "../../src/sftp/gathered-writes.ts";

/** What reaches the system, one text for each call. */
function socketTelling(calls: string[]): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      calls.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join("+"));
      done();
    },
  });
}

test("what is written in one turn leaves together, the next turn's by itself", async () => {
  const calls: string[] = [];
  const socket = socketTelling(calls);
  gatherWrites(socket);
  for (const piece of ["length", "contents", "tag"]) socket.write(piece);
  await nextTurn();
  socket.write("more");
  await nextTurn();
  expect(calls).toEqual(["length+contents+tag", "more"]);
});

test("what was written in the turn of the end still leaves", async () => {
  const calls: string[] = [];
  const socket = socketTelling(calls);
  gatherWrites(socket);
  socket.write("farewell");
  socket.end();
  await once(socket, "finish");
  expect(calls).toEqual(["farewell"]);
});
