import { type Body, MiB, partAt, TransferError } from "@naru/core";
import { expect, test } from "vitest";
import { growingLimits } from "../../src/stores/growing-limits.ts";
import type { GrowingRemote } from "../../src/stores/growing-remote.ts";
import { growingStore } from "../../src/stores/growing-store.ts";

/** A remote that says when what it has taken is durable, and forgets the rest when its connection is lost. */
class SlowRemote implements GrowingRemote {
  readonly limits = growingLimits;
  taken = 0;
  durable = 0;
  /** How often it was asked for the size. */
  asked = 0;
  readonly syncs: PromiseWithResolvers<void>[] = [];
  /** Where it was written, in order. */
  readonly offsets: number[] = [];
  #connected = true;

  /** The connection is lost; what was taken may be there all the same. */
  lose({ durable = this.durable } = {}): void {
    this.#connected = false;
    this.durable = durable;
    this.taken = durable;
    for (const sync of this.syncs) sync.reject(new TransferError("unreachable", "The connection was lost"));
  }

  waitingName(path: string): string {
    return `${path}.part`;
  }

  async make(): Promise<void> {}

  async size(): Promise<number> {
    this.asked += 1;
    return this.durable;
  }

  async cut(_path: string, size: number): Promise<void> {
    this.durable = Math.min(this.durable, size);
  }

  end(): number | undefined {
    return this.#connected && this.taken > 0 ? this.taken : undefined;
  }

  async write(_path: string, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<{ durable: Promise<void> }> {
    this.#connected = true;
    this.offsets.push(offset);
    let end = offset;
    for await (const chunk of chunks) end += chunk.length;
    this.taken = end;
    const sync = Promise.withResolvers<void>();
    this.syncs.push(sync);
    const durable = sync.promise.then(() => {
      this.durable = Math.max(this.durable, end);
    });
    durable.catch(() => undefined);
    return { durable };
  }

  async publish(_from: string, path: string) {
    return { path, size: this.durable, etag: "1", modified: new Date(0) };
  }

  async remove(): Promise<void> {}
}

const spec = { path: "x.bin", size: 3 * MiB, partSize: MiB };

function part(number: number) {
  return partAt(spec.size, spec.partSize, number) ?? expect.unreachable();
}

function body(): Body {
  return { size: MiB, stream: () => new Blob([new Uint8Array(MiB)]).stream() };
}

test("a part goes while the one before it is made durable, and has its receipt when it is durable itself", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  let receipts = 0;
  const puts = [1, 2].map((number) => upload.put(part(number), body()).then(() => ++receipts));
  await expect.poll(() => remote.taken).toBe(2 * MiB);
  expect(receipts).toBe(0);
  for (const sync of remote.syncs) sync.resolve();
  await Promise.all(puts);
  expect(remote.asked).toBe(1);
});

test("parts that are ready in the wrong order are written in the right one", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  const second = upload.put(part(2), body());
  const first = upload.put(part(1), body());
  await expect.poll(() => remote.syncs.length).toBe(2);
  for (const sync of remote.syncs) sync.resolve();
  expect(await Promise.all([first, second])).toMatchObject([{ etag: `0+${MiB}` }, { etag: `${MiB}+${MiB}` }]);
});

test("what was taken and not durable when the connection was lost has no receipt, and comes again", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  const first = upload.put(part(1), body());
  await expect.poll(() => remote.syncs.length).toBe(1);
  remote.lose();
  await expect(first).rejects.toMatchObject({ code: "unreachable" });
  await expect(upload.put(part(2), body())).rejects.toMatchObject({ code: "unavailable", retryable: true });
  const again = upload.put(part(1), body());
  await expect.poll(() => remote.syncs.length).toBe(2);
  remote.syncs[1]?.resolve();
  await again;
  expect(await upload.receipts()).toMatchObject([{ part: { number: 1 } }]);
});

test("parts that were on their way when the connection was lost come again in order, whichever is ready first", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  const lost = [1, 2].map((number) => upload.put(part(number), body()));
  await expect.poll(() => remote.syncs.length).toBe(2);
  remote.lose({ durable: 2 * MiB });
  await Promise.allSettled(lost);
  const second = upload.put(part(2), body());
  const first = upload.put(part(1), body());
  await expect.poll(() => remote.syncs.length).toBe(4);
  for (const sync of remote.syncs) sync.resolve();
  await Promise.all([first, second]);
  expect(remote.offsets.slice(2)).toEqual([0, MiB]);
  expect(await upload.receipts()).toMatchObject([{ part: { number: 1 } }, { part: { number: 2 } }]);
});

test("a part has no receipt when the one before it could not be made durable, since that will be cut off with it", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  const [first, second] = [1, 2].map((number) => upload.put(part(number), body()));
  await expect.poll(() => remote.syncs.length).toBe(2);
  remote.syncs[1]?.resolve();
  remote.syncs[0]?.reject(new TransferError("no-space", "The disk is full"));
  await expect(first).rejects.toMatchObject({ code: "no-space" });
  await expect(second).rejects.toMatchObject({ code: "no-space" });
});

test("a server that loses what it has confirmed is told apart from one that is behind: the upload is gone", async () => {
  const remote = new SlowRemote();
  const upload = await growingStore(remote).create(spec);
  const first = upload.put(part(1), body());
  await expect.poll(() => remote.syncs.length).toBe(1);
  remote.syncs[0]?.resolve();
  await first;
  remote.lose({ durable: MiB / 2 });
  await expect(upload.put(part(2), body())).rejects.toMatchObject({ code: "not-found" });
});
