import { packetType } from "@naru/core/sftp-v3";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MalformedPacket, type Request } from "../../src/sftp/packets.ts";
import { RequestDecoder } from "../../src/sftp/request-decoder.ts";
import { init, open, packet, text, u32, u64, write } from "./raw-client.ts";

/** What a decoder makes of chunks, its pieces of one WRITE put together. */
function decode(chunks: readonly Uint8Array[]): unknown[] {
  const decoder = new RequestDecoder();
  const requests: unknown[] = [];
  let pieces: Uint8Array[] = [];
  for (const chunk of chunks) {
    for (const request of decoder.push(chunk)) {
      if (request.kind !== "write") {
        requests.push(request);
        continue;
      }
      expect(request.offset).toBe(request.start + pieces.reduce((sum, piece) => sum + piece.length, 0));
      pieces.push(Uint8Array.from(request.bytes));
      if (!request.last) continue;
      const { id, handle, start } = request;
      requests.push({ kind: "write", id, handle, start, bytes: Buffer.concat(pieces).toString("hex") });
      pieces = [];
    }
  }
  return requests;
}

/** Cut bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const id = fc.nat();
const bytes = fc.uint8Array({ maxLength: 300 });
const path = fc.string({ maxLength: 60, unit: "grapheme" });
const attrs = fc.constantFrom(
  u32(0),
  Buffer.concat([u32(1), u64(7)]),
  Buffer.concat([u32(15), u64(7), u32(1), u32(2), u32(0o644), u32(5), u32(6)]),
);
const anyPacket: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constant(init(6)),
  fc.tuple(id, path, fc.nat(63)).map((fields) => open(...fields)),
  fc.tuple(id, fc.uint8Array({ maxLength: 6 }), fc.maxSafeNat(), bytes).map((fields) => write(...fields)),
  fc.tuple(id, path, attrs).map(([ask, name, rest]) => packet(packetType.setstat, u32(ask), text(name), rest)),
  fc.tuple(id, path, path).map(([ask, from, to]) => packet(packetType.rename, u32(ask), text(from), text(to))),
  fc
    .tuple(id, fc.maxSafeNat(), id)
    .map(([ask, at, length]) => packet(packetType.read, u32(ask), text(u32(1)), u64(at), u32(length))),
  fc
    .tuple(id, fc.constantFrom("limits@openssh.com", "fsync@openssh.com", "what@is.this"), bytes)
    .map(([ask, name, rest]) => packet(packetType.extended, u32(ask), text(name), text(rest))),
);

test("however a stream is cut, the same requests come out", () => {
  const streams = fc.tuple(fc.array(anyPacket, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 40 }));
  fc.assert(
    fc.property(streams, ([packets, places]) => {
      const stream = Buffer.concat(packets);
      const whole = decode(packets);
      expect(whole).toHaveLength(packets.length);
      expect(decode(cut(stream, places))).toEqual(whole);
      expect(decode([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

test("whatever comes, nothing is thrown but a MalformedPacket", () => {
  const framed = fc.tuple(fc.nat(210), bytes).map(([code, body]) => packet(code, body));
  const broken = fc.tuple(anyPacket, fc.nat(), fc.nat(255)).map(([good, place, byte]) => {
    const copy = Buffer.from(good);
    copy[place % copy.length] = byte;
    return copy;
  });
  const garbage = fc.array(fc.oneof(fc.uint8Array({ maxLength: 500 }), framed, broken, anyPacket), { maxLength: 10 });
  fc.assert(
    fc.property(garbage, (chunks) => {
      try {
        decode(chunks);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacket);
      }
    }),
    { numRuns: 3000 },
  );
});

test("the data of a WRITE is not copied", () => {
  const stream = write(1, u32(1), 0, new Uint8Array(100_000));
  const requests: Request[] = [...new RequestDecoder().push(stream)];
  const [piece] = requests;
  expect(piece?.kind === "write" && piece.bytes.buffer === stream.buffer && piece.bytes.length).toBe(100_000);
});

test("a packet larger than clients may send is refused before any of it is kept", () => {
  const push = () => [...new RequestDecoder().push(u32(300_000))];
  expect(push).toThrow(MalformedPacket);
});

test("what a WRITE has behind its data, as rclone 1.60 sends it, is passed over however it is cut", () => {
  const data = Buffer.alloc(4096, 7);
  const long = packet(packetType.write, u32(1), text(u32(1)), u64(0), text(data), Buffer.alloc(28_672, 9));
  const next = write(2, u32(1), 4096, Buffer.from("next"));
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 10 }), (places) => {
      expect(decode(cut(Buffer.concat([long, next]), places))).toEqual(decode([write(1, u32(1), 0, data), next]));
    }),
  );
});
