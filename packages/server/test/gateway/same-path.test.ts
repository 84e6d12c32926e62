import { createHash } from "node:crypto";
import { batchContentType, type ConflictPolicy, type Files, renamed, type Store } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { type Ground, openGround } from "../../src/ground.ts";
import { httpDoor } from "../../src/http/http-door.ts";
import { silentLog } from "../../src/logger.ts";
import { mapPool } from "../../src/pool.ts";
import { Client } from "../http/client.ts";
import { anew, bytesOf, fetchAll, send } from "./opened-gateway.ts";

/** Holds the `nth` look at a path back, after it was answered: whoever looked acts on what was so. */
class Gate {
  readonly reached: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  readonly #open = Promise.withResolvers<void>();
  readonly #paths: readonly string[];
  #left: number;

  constructor(paths: readonly string[], nth: number) {
    this.#paths = paths;
    this.#left = nth;
  }

  async pass(path: string): Promise<void> {
    if (!this.#paths.includes(path)) return;
    this.#left -= 1;
    if (this.#left !== 0) return;
    this.reached.resolve();
    await this.#open.promise;
  }

  open(): void {
    this.#open.resolve();
  }
}

const gates = new Set<Gate>();
let store: Store & Files;
let ground: Ground;
let gateway: Gateway;
let admin: Client;

beforeAll(async () => {
  store = memoryStore(new Map(), { limits: { minPartSize: 65_536, maxPartSize: 65_536 } });
  const stat = store.stat.bind(store);
  store.stat = async (path, options) => {
    const found = await stat(path, options);
    await Promise.all([...gates].map((gate) => gate.pass(path)));
    return found;
  };
  ground = await openGround({ store, dataDir: ":memory:", logger: silentLog(), adminPassword: "same-path" });
  gateway = ground.gateway;
  ground.doors.add("http", await httpDoor(ground, { host: "127.0.0.1", port: 0 }));
  await ground.doors.listen();
  const origin = ground.doors.opened[0]?.origin ?? "";
  admin = Client.basic(origin, "admin", "same-path");
});
afterAll(() => ground.close());

/** Ends what was begun: where the file is then, or `conflict`. */
type End = () => Promise<string>;
/** Begins to send bytes to a path. */
type Begin = (path: string, bytes: Buffer<ArrayBuffer>) => Promise<End>;

const small = 10;
const large = 200_000;

async function placeIn(answer: Promise<Response>): Promise<string> {
  const said = (await (await answer).json()) as { path?: string; code?: string };
  return said.path ?? said.code ?? "nothing";
}

const complete =
  (conflict: ConflictPolicy): Begin =>
  async (path, bytes) => {
    const { id, partSize } = await admin.create({ path, size: bytes.length, conflict });
    for (let at = 0, number = 1; at < bytes.length; at += partSize, number += 1) {
      expect((await admin.put(id, number, bytes.subarray(at, at + partSize))).status).toBe(200);
    }
    return () => placeIn(admin.json("POST", `/api/uploads/${id}/complete`, {}));
  };

/** A whole body that has begun: its name was looked at already. */
const put =
  (query: string, headers: Record<string, string> = {}): Begin =>
  async (path, bytes) => {
    const looked = new Gate([path, renamed(path, 2)], 1);
    gates.add(looked);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const body = { body: readable, duplex: "half", headers } as RequestInit;
    const answer = placeIn(admin.call("PUT", `/api/files/${path}${query}`, body));
    const writer = writable.getWriter();
    // The request leaves with its first byte.
    const begun = writer.write(bytes.subarray(0, 1));
    await looked.reached.promise;
    await begun;
    gates.delete(looked);
    looked.open();
    return async () => {
      const rest = [writer.write(bytes.subarray(1)), writer.close()];
      // A refusal may come before the last byte has gone.
      await Promise.allSettled(rest);
      return answer;
    };
  };

const batch =
  (conflict: ConflictPolicy): Begin =>
  async (path, bytes) => {
    const md5 = createHash("md5").update(bytes).digest("hex");
    const manifest = Buffer.from(JSON.stringify({ files: [{ path, size: bytes.length, md5, conflict }] }));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(manifest.length);
    const headers = { "content-type": batchContentType };
    return async () => {
      const body = new Blob([length, manifest, bytes]);
      const answer = await admin.call("POST", "/api/batch", { body, headers });
      const { results } = (await answer.json()) as { results: { file?: { path: string }; error?: { code: string } }[] };
      return results[0]?.file?.path ?? results[0]?.error?.code ?? "nothing";
    };
  };

const move =
  (conflict: ConflictPolicy): Begin =>
  async (path, bytes) => {
    const from = `${path}.${bytes.toString("hex", 0, 4)}`;
    await admin.call("PUT", `/api/files/${from}`, { body: bytes });
    return () => placeIn(admin.json("POST", "/api/move", { from, to: path, conflict }));
  };

const told = (error: { code: string }): string => error.code;

const sftpWrite: Begin = async (path, bytes) => {
  const session = gateway.open("ann");
  const arrival = await session.openWrite(`/${path}`, anew);
  await send(arrival, bytes);
  return () => arrival.finish().then((file) => file.path, told);
};

let clients = 0;

const sftpMove =
  (replace: boolean, from: (path: string) => string): Begin =>
  async (path, bytes) => {
    // Two clients, since a file on its way is one for each account.
    clients += 1;
    const session = gateway.open(`client-${clients}`);
    const source = from(path);
    const arrival = await session.openWrite(`/${source}`, anew);
    await send(arrival, bytes);
    await arrival.finish();
    return () => session.move(`/${source}`, `/${path}`, { replace }).then(() => path, told);
  };

interface Door {
  readonly begin: Begin;
  readonly size: number;
  /** Whether a file that is there goes. */
  readonly replaces: boolean;
}

const filepart = (path: string): string => `${path}.filepart`;
const other = (path: string): string => `${path}.${clients}`;
const policies = ["fail", "rename"] as const;
const careful: Readonly<Record<string, Door>> = Object.fromEntries([
  ...policies.flatMap((policy): [string, Door][] => [
    [`an upload with ${policy}`, { begin: complete(policy), size: large, replaces: false }],
    [`a small whole body with ${policy}`, { begin: put(`?conflict=${policy}`), size: small, replaces: false }],
    [`a large whole body with ${policy}`, { begin: put(`?conflict=${policy}`), size: large, replaces: false }],
    [`a batch with ${policy}`, { begin: batch(policy), size: small, replaces: false }],
    [`a move with ${policy}`, { begin: move(policy), size: small, replaces: false }],
  ]),
  ["a whole body with If-None-Match", { begin: put("", { "if-none-match": "*" }), size: small, replaces: false }],
  ["a rename over SFTP", { begin: sftpMove(false, other), size: small, replaces: false }],
  ["a final name over SFTP", { begin: sftpMove(false, filepart), size: large, replaces: false }],
]);
const replacing: Readonly<Record<string, Door>> = {
  "an upload with overwrite": { begin: complete("overwrite"), size: large, replaces: true },
  "a batch with overwrite": { begin: batch("overwrite"), size: small, replaces: true },
  "a move with overwrite": { begin: move("overwrite"), size: small, replaces: true },
  "a small file over SFTP": { begin: sftpWrite, size: small, replaces: true },
  "a large file over SFTP": { begin: sftpWrite, size: large, replaces: true },
  "a rename over SFTP that replaces": { begin: sftpMove(true, other), size: small, replaces: true },
  "a final name over SFTP that replaces": { begin: sftpMove(true, filepart), size: large, replaces: true },
};

let names = 0;

/** Let `one` end, and the other while `one` acts on its `nth` look at the path; 0 is before it looks. */
async function meet(one: Door, another: Door, nth: number): Promise<void> {
  names += 1;
  const path = `p${names}.bin`;
  const [mine, theirs] = [bytesOf(one.size), bytesOf(another.size)];
  const endMine = await one.begin(path, mine);
  const endTheirs = await another.begin(path, theirs);
  if (nth === 0) {
    const placeOfTheirs = await endTheirs();
    expect(await endMine()).not.toBe(placeOfTheirs);
    expect((await fetchAll(store, placeOfTheirs)).equals(theirs)).toBe(true);
    return;
  }
  const gate = new Gate([path], nth);
  gates.add(gate);
  const ended = endMine();
  await Promise.race([gate.reached.promise, ended]);
  gates.delete(gate);
  const alsoEnded = endTheirs();
  // Whether it waits for the first one, as it should where the first publishes, no event tells.
  await Promise.race([alsoEnded, new Promise((resolve) => setTimeout(resolve, 50))]);
  gate.open();
  const [placeOfMine, placeOfTheirs] = await Promise.all([ended, alsoEnded]);
  const places = [placeOfMine, placeOfTheirs];
  if (another.replaces) expect(placeOfTheirs).toBe(path);
  else expect(places.filter((place) => place === path)).toHaveLength(1);
  // What arrived stays, unless the other ended later and may replace it.
  if (placeOfTheirs !== "conflict") expect((await fetchAll(store, placeOfTheirs)).equals(theirs)).toBe(true);
  const isReplaced = placeOfMine === placeOfTheirs;
  if (placeOfMine !== "conflict" && !isReplaced) {
    expect((await fetchAll(store, placeOfMine)).equals(mine)).toBe(true);
  }
}

const pairs = Object.entries({ ...careful, ...replacing });

test.each(Object.entries(careful))("%s replaces nothing that another door publishes meanwhile", async (_, one) => {
  const meetings = pairs.flatMap(([what, another]) => {
    const looks = another.replaces ? [0, 1, 2] : [2];
    return looks.map((nth) => ({ what, another, nth }));
  });
  await mapPool(meetings, 12, ({ what, another, nth }) =>
    meet(one, another, nth).catch((cause: unknown) => {
      throw new Error(`beside ${what}, at look ${nth}: ${cause}`, { cause });
    }),
  );
});
