/**
 * One file, written by one client in every way that SFTP knows, against what a disk would have of it. Whatever is
 * published is what the disk would have, or the client was told no; and nothing else takes anything away.
 *
 * NARU_RUNS=10000 makes more of it.
 */

import { type Files, KiB, type Limits, MiB, type Store } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import { memoryStore } from "@naru/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { fetchAll, openGateway } from "../gateway/opened-gateway.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { PipeClient } from "./pipe-client.ts";
import { close, handleOf, init, open, packet, statusOf, text, u32, u64, write } from "./raw-client.ts";

const { NARU_RUNS: wanted } = process.env;

type Step =
  | { readonly do: "write"; readonly at: Place; readonly length: number }
  | { readonly do: "size"; readonly at: Place }
  | { readonly do: "sync" | "cut" | "close" | "anew" };

/** Where in the file: at its end, from its beginning, at a part's boundary, or beyond the end. */
interface Place {
  readonly from: "end" | "start" | "part" | "beyond";
  readonly by: number;
}

/** What a disk would have: which bytes were written, and which are zeros so far. */
class Model {
  bytes: Buffer = Buffer.alloc(0);
  written: Buffer = Buffer.alloc(0);
  /** Where a write was refused under way: either is right. */
  doubts: (readonly [start: number, end: number])[] = [];

  /** Up to here all bytes were written. */
  get contiguous(): number {
    const hole = this.written.indexOf(0);
    return hole < 0 ? this.written.length : hole;
  }

  write(offset: number, bytes: Buffer): void {
    this.resize(Math.max(this.bytes.length, offset + bytes.length));
    bytes.copy(this.bytes, offset);
    this.written.fill(1, offset, offset + bytes.length);
  }

  resize(size: number): void {
    const grown = Buffer.alloc(Math.max(0, size - this.bytes.length));
    this.bytes = Buffer.concat([this.bytes.subarray(0, size), grown]);
    this.written = Buffer.concat([this.written.subarray(0, size), grown]);
  }

  become(bytes: Buffer): void {
    this.bytes = Buffer.from(bytes);
    this.written = Buffer.alloc(bytes.length, 1);
    this.doubts = [];
  }

  equals(found: Buffer): boolean {
    if (found.length !== this.bytes.length) return false;
    for (const [start, end] of this.doubts)
      found.copy(this.bytes, Math.min(start, found.length), Math.min(start, found.length), end);
    return this.bytes.equals(found);
  }
}

/** A client that keeps a model of its file, and finds out whether the server does. */
class Writer {
  readonly #gate: ReturnType<typeof openGateway>;
  readonly #path: string;
  readonly #part: number;
  readonly #model = new Model();
  #client: PipeClient | undefined;
  #handle: Buffer = Buffer.alloc(0);
  #ids = 10;
  #salt = 0;
  #published: Buffer | undefined;
  /** What the handle was opened on: nothing, a finished file, or what is left of an attempt. */
  #on: "nothing" | "file" | "attempt" = "nothing";
  /** Before this byte nothing was asked to change. */
  #least = Number.POSITIVE_INFINITY;
  /** How often more than waits in memory was appended to a finished file, and resumed after a cut. */
  extended = 0;
  /** A write was refused: what is closed then must not appear. */
  #isRefused = false;
  /** What was refused and why. */
  readonly refusals: string[] = [];

  constructor(gate: ReturnType<typeof openGateway>, path: string, part: number) {
    this.#gate = gate;
    this.#path = path;
    this.#part = part;
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#open();
    for (const step of steps) await this.#step(step);
    // Whatever became of it: its owner can go on from the end that is told, and close it.
    if (this.#isRefused || this.#model.contiguous < this.#model.bytes.length) await this.#cut();
    const former = this.#published;
    await this.#write(this.#model.contiguous, 100);
    await this.#close();
    expect(this.#published).not.toBe(former);
    await this.#client?.cut();
  }

  async #step(step: Step): Promise<void> {
    switch (step.do) {
      case "write":
        return await this.#write(this.#place(step.at), Math.ceil((step.length * this.#part) / 100));
      case "size":
        return await this.#size(this.#place(step.at));
      case "sync":
        await this.#ask((id) => packet(packetType.extended, u32(id), text("fsync@openssh.com"), text(this.#handle)));
        return;
      case "cut":
        return await this.#cut();
      case "anew":
        return await this.#cut(true);
      case "close":
        return await this.#close();
    }
  }

  #place({ from, by }: Place): number {
    const size = this.#model.bytes.length;
    const some = Math.floor((by * this.#part) / 100);
    if (from === "end") return size;
    if (from === "start") return some % (size + 1);
    if (from === "beyond") return size + some;
    return (by % (Math.floor(size / this.#part) + 1)) * this.#part;
  }

  async #write(offset: number, length: number): Promise<void> {
    this.#salt += 1;
    this.#least = Math.min(this.#least, offset);
    const bytes = Buffer.alloc(length, `${this.#salt}.${offset};`);
    for (let at = 0; at < length; at += 200_000) {
      const piece = bytes.subarray(at, at + 200_000);
      const before = this.#model.contiguous;
      const why = await this.#ask((id) => write(id, this.#handle, offset + at, piece));
      const size = await this.#declaredSize();
      if (why !== undefined) return this.#no(why, { offset: offset + at, piece, before, size });
      this.#model.write(offset + at, piece);
    }
    await this.#look();
  }

  #no(why: string, { offset, piece, before, size }: { offset: number; piece: Buffer; before: number; size: number }) {
    this.#isRefused = true;
    this.refusals.push(why);
    if (size < before) throw new Error(`A refused write took bytes away: ${size} of ${before} are left`);
    // Some of it may have been taken before the rest was refused.
    if (size > before) this.#model.write(offset, piece.subarray(0, size - offset));
    this.#model.doubts.push([offset, offset + piece.length]);
  }

  async #size(size: number): Promise<void> {
    const why = await this.#ask((id) => packet(packetType.fsetstat, u32(id), text(this.#handle), u32(1), u64(size)));
    if (why === undefined) {
      this.#least = Math.min(this.#least, size);
      this.#model.resize(size);
    } else this.refusals.push(why);
    await this.#look();
  }

  async #cut(anew = false): Promise<void> {
    await this.#client?.cut();
    this.#client = undefined;
    await this.#open(this.#left(), anew);
  }

  async #close(): Promise<void> {
    const hasHoles = this.#model.contiguous < this.#model.bytes.length;
    const why = await this.#ask((id) => close(id, this.#handle));
    if (why === undefined) {
      if (this.#isRefused) throw new Error("What was refused was closed as if it were whole");
      if (this.#on === "attempt" && hasHoles) throw new Error("What was resumed and has holes was published");
      const found = await this.#found();
      if (!found || !this.#model.equals(found)) throw new Error("What is published is not what was written");
      this.#published = found;
      return await this.#open(0);
    }
    if (!this.#isRefused && !(this.#on === "attempt" && hasHoles)) this.refusals.push(why);
    await this.#open(this.#left());
  }

  /** The handle is gone without its file: of a finished file nothing changed, of a new one all up to a hole is kept. */
  #left(): number {
    if (this.#on === "file" && this.#least < (this.#published?.length ?? 0)) return 0;
    this.#model.resize(this.#model.contiguous);
    return this.#model.contiguous;
  }

  async #open(kept = 0, anew = false): Promise<void> {
    if (this.#client === undefined) {
      this.#client = new PipeClient(this.#gate.gateway);
      await this.#client.ask(init());
    }
    const flags = openFlag.write | openFlag.create | (anew ? openFlag.truncate : 0);
    this.#handle = handleOf(await this.#client.ask(open(1, this.#path, flags)));
    this.#isRefused = false;
    // Of what was appended to a finished file all is kept, or nothing.
    const isKept = kept > 0 && (this.#on !== "file" || (await this.#declaredSize()) !== this.#published?.length);
    this.#least = Number.POSITIVE_INFINITY;
    if (!anew && isKept && this.#on === "file") this.extended += 1;
    if (anew) this.#on = "nothing";
    else if (isKept) this.#on = "attempt";
    else this.#on = this.#published === undefined ? "nothing" : "file";
    if (this.#on === "nothing") this.#model.become(Buffer.alloc(0));
    if (this.#on === "file") this.#model.become(this.#published ?? Buffer.alloc(0));
    await this.#look();
    const found = await this.#found();
    if (found && this.#published ? !found.equals(this.#published) : found !== this.#published) {
      throw new Error("What was published has changed without being closed");
    }
    // Who begins by going back in what is left of an attempt sends it again: that has its own test (`order.test.ts`).
    if (this.#on === "attempt") await this.#write(this.#model.contiguous, 1);
  }

  async #found(): Promise<Buffer | undefined> {
    const key = this.#path.slice(1);
    return (await this.#gate.store.stat(key)) && (await fetchAll(this.#gate.store, key));
  }

  /** The size that the server tells is where a client would go on. */
  async #look(): Promise<void> {
    const size = await this.#declaredSize();
    if (size !== this.#model.contiguous) throw new Error(`It has ${size} bytes, not ${this.#model.contiguous}`);
  }

  async #declaredSize(): Promise<number> {
    const answer = await this.#client?.ask(packet(packetType.fstat, u32(2), text(this.#handle)));
    return Number(answer?.body.readBigUInt64BE(4));
  }

  /** Ask for something; why it was refused, or nothing. */
  async #ask(request: (id: number) => Buffer): Promise<string | undefined> {
    this.#ids += 1;
    const answer = await this.#client?.ask(request(this.#ids));
    const status = answer ? statusOf(answer) : "no answer";
    return status === "0" ? undefined : status;
  }
}

const place: fc.Arbitrary<Place> = fc.record({
  from: fc.constantFrom("end", "end", "start", "part", "beyond"),
  by: fc.nat({ max: 400 }),
});
const atEnd = { from: "end", by: 0 } as const;
/** More than waits in memory, at the end. */
const long = fc.record({
  do: fc.constant("write" as const),
  at: fc.constant(atEnd),
  length: fc.integer({ min: 1400, max: 2600 }),
});
const kinds = [
  { weight: 8, arbitrary: fc.record({ do: fc.constant("write" as const), at: place, length: fc.nat({ max: 160 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("size" as const), at: place }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("sync", "cut", "close", "close", "anew") }) },
] as const;
const step: fc.Arbitrary<Step> = fc.oneof(...kinds);
const stepOrLong: fc.Arbitrary<Step> = fc.oneof(...kinds, { weight: 2, arbitrary: long });
/** An append to a finished file that is resumed after a cut. */
const longAppend: readonly Step[] = [
  { do: "write", at: atEnd, length: 100 },
  { do: "close" },
  { do: "write", at: atEnd, length: 2000 },
  { do: "cut" },
  { do: "write", at: atEnd, length: 2000 },
  { do: "cut" },
  { do: "close" },
];

let paths = 0;

interface Luck {
  readonly store: Store & Files;
  readonly part: number;
  readonly memoryBytes: number;
  readonly runs: number;
  readonly steps: number;
  /** What a client does. */
  readonly step: fc.Arbitrary<Step>;
  /** What it does at the first run. */
  readonly first: readonly Step[];
  /** Refusals that are right. */
  readonly allowed: RegExp;
}

/** How often an append was resumed. */
async function tryOut({ store, part, memoryBytes, runs, steps: most, step, first, allowed }: Luck): Promise<number> {
  await using gate = openGateway(store, { memoryBytes });
  const told = new Map<string, number>();
  let extended = 0;
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: most }), async (steps) => {
    paths += 1;
    const writer = new Writer(gate, `/r${paths}`, part);
    await writer.run(steps);
    extended += writer.extended;
    for (const why of writer.refusals) {
      if (!allowed.test(why)) throw new Error(`It was refused: ${why}`);
      const kind = why.replace(/\d+/g, "N");
      told.set(kind, (told.get(kind) ?? 0) + 1);
    }
    await store.remove(`r${paths}`);
  });
  await fc.assert(property, { numRuns: runs, endOnFailure: true, examples: [[[...first]]] });
  if (wanted)
    console.log(
      `${runs} runs; ${extended} appends resumed; refused: ${JSON.stringify(Object.fromEntries(told), undefined, 2)}`,
    );
  expect(gate.gateway.memoryHeld).toBe(0);
  return extended;
}

/** More before its turn than may wait, which is refused at the write. */
const early = /the next byte is \d+$/;
const unknown = new RegExp(`${early.source}|accepts no others|takes none back`);

const runsOf = (few: number): number => (wanted === undefined ? few : Number(wanted));

test("on a disk, what is published is what was written, whatever its client did", async () => {
  await using folder = await tempFolder();
  const part = 48 * KiB;
  const store = await fileStore(folder.path, { durable: false, limits: { maxPartSize: part } });
  const extended = await tryOut({
    store,
    part,
    memoryBytes: 2 * MiB,
    runs: runsOf(60),
    steps: 14,
    step: stepOrLong,
    first: longAppend,
    allowed: early,
  });
  expect(extended).toBeGreaterThan(0);
}, 3_600_000);

test("where nothing can be read back, what is published is what was written, or the client was told no", async () => {
  const part = 48 * KiB;
  const limits: Partial<Limits> = { minPartSize: 16 * KiB, maxPartSize: part };
  const store = memoryStore(new Map(), { limits });
  const extended = await tryOut({
    store,
    part,
    memoryBytes: 2 * MiB,
    runs: runsOf(60),
    steps: 14,
    step: stepOrLong,
    first: longAppend,
    allowed: unknown,
  });
  expect(extended).toBeGreaterThan(0);
}, 3_600_000);

test("in a bucket, what is published is what was written, or the client was told no", async () => {
  await using place = await openS3({ limits: { maxPartSize: 5 * MiB } });
  await tryOut({
    store: place.store,
    part: 5 * MiB,
    memoryBytes: 48 * MiB,
    runs: runsOf(3),
    steps: 8,
    step,
    first: [],
    allowed: unknown,
  });
}, 3_600_000);
