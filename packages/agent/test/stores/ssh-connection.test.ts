import { Socket } from "node:net";
import { MiB } from "@naru/core";
import { afterEach, expect, test, vi } from "vitest";
import { sftpStore } from "../../src/stores/sftp-store.ts";
import { openSsh } from "./open-ssh.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Note how many bytes each call to the system takes that sends to a port. */
function recordCalls(port: number): readonly number[] {
  const sizes: number[] = [];
  const note = (socket: Socket, chunks: readonly Uint8Array[]): void => {
    if (socket.remotePort === port) sizes.push(chunks.reduce((sum, { length }) => sum + length, 0));
  };
  const { _write: write, _writev: writev } = Socket.prototype;
  vi.spyOn(Socket.prototype, "_write").mockImplementation(function (this: Socket, chunk, encoding, done) {
    note(this, [chunk]);
    write.call(this, chunk, encoding, done);
  });
  vi.spyOn(Socket.prototype, "_writev").mockImplementation(function (this: Socket, chunks, done) {
    note(
      this,
      chunks.map(({ chunk }) => chunk),
    );
    writev?.call(this, chunks, done);
  });
  return sizes;
}

test("no packet leaves in pieces, and those of one turn leave together", async () => {
  await using server = await openSsh();
  const calls = recordCalls(server.port);
  const store = sftpStore({ ...server.target });
  const size = 4 * MiB;
  const upload = await store.create({ path: "together.bin", size });
  await upload.put({ number: 1, offset: 0, size }, new Blob([new Uint8Array(size)]));
  await upload.complete();
  await store[Symbol.asyncDispose]();
  expect(calls.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(size);
  // AES-GCM leaves the length of a packet in clear (RFC 5647, 7.3), which ssh2 writes by itself; a tag has 16 bytes.
  const pieces = calls.filter((bytes) => bytes === 4 || bytes === 16);
  // The word that the new keys are used has 16 as well.
  expect(pieces.length).toBeLessThanOrEqual(1);
  expect(Math.max(...calls)).toBeGreaterThan(100_000);
});
