import { randomBytes } from "node:crypto";
import { type Files, type Limits, MiB, type Store } from "@naru/core";
import { openFlag, packetType } from "@naru/core/sftp-v3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { fetchAll, goOn, openGateway } from "../gateway/opened-gateway.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { PipeClient } from "./pipe-client.ts";
import { close, handleOf, init, open, packet, statusOf, text, u32, u64, write } from "./raw-client.ts";

const { create, truncate, write: writing } = openFlag;
const piece = 128 * 1024;
const part = 5 * MiB;
const limits: Partial<Limits> = { maxPartSize: part };

interface Opened extends AsyncDisposable {
  readonly store: Store & Files;
}

const stores: Readonly<Record<string, () => Promise<Opened>>> = {
  file: async () => {
    const folder = await tempFolder();
    const store = await fileStore(folder.path, { durable: false, limits });
    return { store, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
  "Ceph S3": () => openS3({ limits }),
};

for (const [name, openStore] of Object.entries(stores)) {
  describe(`a file that is written again over ${name}`, () => {
    const stack = new AsyncDisposableStack();
    let store: Store & Files;
    let gate: ReturnType<typeof openGateway>;
    beforeAll(async () => {
      store = stack.use(await openStore()).store;
      gate = stack.use(openGateway(store));
    });
    afterAll(() => stack.disposeAsync());

    const has = async (path: string, bytes: Uint8Array): Promise<boolean> =>
      (await fetchAll(store, path)).equals(bytes);

    test("a shorter file over a longer one, opened without TRUNC as scp does, has nothing of the longer one", async () => {
      const [long, short] = [randomBytes(1_400_013), randomBytes(1_000_013)];
      const client = new SftpFile(gate, "shorter");
      await client.store(long);
      await client.open(writing | create);
      await client.write(0, short);
      expect(await client.setSize(short.length)).toBe("0");
      expect(await client.close()).toBe("0");
      expect(await has("shorter", short)).toBe(true);
    });

    test("the size that is set wins when parts have left, too: a shorter file over one of several parts", async () => {
      const [long, short] = [randomBytes(2 * part + 77), randomBytes(part + 1)];
      const client = new SftpFile(gate, "parts");
      await client.store(long);
      await client.open(writing | create);
      await client.write(0, short);
      expect(await client.setSize(short.length)).toBe("0");
      expect(await client.close()).toBe("0");
      expect(await has("parts", short)).toBe(true);
    });

    test("a header that is written again at the end changes the header and nothing else", async () => {
      const client = new SftpFile(gate, "header");
      for (const at of [0, 10, part, 2 * part - 2]) {
        const bytes = randomBytes(2 * part + 1_000_000);
        await client.open(writing | create | truncate);
        await client.write(0, bytes);
        bytes.write("head", at);
        expect(await client.write(at, Buffer.from("head"))).toBe("0");
        expect(await client.close()).toBe("0");
        expect(await has("header", bytes), `at ${at}`).toBe(true);
      }
    });

    test("what memory has no more is read back, or refused at the write with nothing lost", async () => {
      const small = openGateway(store, { memoryBytes: 12 * MiB });
      await using _ = small;
      const client = new SftpFile(small, "gone");
      const bytes = randomBytes(6 * part + 1000);
      await client.open(writing | create | truncate);
      await client.write(0, bytes);
      const answer = await client.write(part + 5, Buffer.from("head"));
      if (name === "file") bytes.write("head", part + 5);
      expect(answer).toMatch(name === "file" ? /^0$/ : /^8 Cannot write .*: the store already has these bytes/);
      // What was refused does not appear, and what came before is kept.
      expect(await client.close()).toBe(answer);
      if (name !== "file") {
        await client.open(writing);
        expect(await client.size()).toBe(bytes.length);
        expect(await client.close()).toBe("0");
      }
      expect(await has("gone", bytes)).toBe(true);
    });

    test("a finished file that is being changed stays as it was when its client is cut off", async () => {
      const bytes = randomBytes(2 * part);
      const client = new SftpFile(gate, "edited");
      await client.store(bytes);
      await client.open(writing);
      expect(await client.write(0, Buffer.from("edit"))).toBe("0");
      // Others, of its owner's too, see nothing of it.
      const other = gate.gateway.open("ann");
      expect(await other.stat("/edited")).toMatchObject({ size: bytes.length, arriving: false });
      const reading = await other.openRead("/edited");
      expect(Buffer.concat(await reading.read(0, 4)).equals(bytes.subarray(0, 4))).toBe(true);
      await reading.close();
      await client.cut();
      expect(await other.stat("/edited")).toMatchObject({ size: bytes.length, arriving: false });
      expect(await has("edited", bytes)).toBe(true);
      await client.open(writing | openFlag.append);
      expect(await client.size()).toBe(bytes.length);
      await client.write(bytes.length, Buffer.from("tail"));
      expect(await client.close()).toBe("0");
      expect(await has("edited", Buffer.concat([bytes, Buffer.from("tail")]))).toBe(true);
      expect(await gate.uploads.listMine("ann")).toEqual([]);
    });

    test("much that was appended to a finished file is resumed after a cut, unless the file itself was changed, too", async () => {
      const bytes = randomBytes(part + 24 * MiB);
      const client = new SftpFile(gate, "appended");
      await client.store(bytes.subarray(0, part));
      await client.open(writing);
      expect(await client.write(part, bytes.subarray(part, part + 20 * MiB))).toBe("0");
      await client.cut();
      expect(await gate.gateway.open("bob").stat("/appended")).toMatchObject({ size: part, arriving: false });
      // Another process knows of it.
      const resuming = await gate.another().open("ann").openWrite("/appended", goOn);
      expect(resuming.size).toBeGreaterThan(part + 10 * MiB);
      const from = resuming.size;
      await resuming.write(from, bytes.subarray(from));
      await resuming.finish();
      expect(await has("appended", bytes)).toBe(true);

      const edited = new SftpFile(gate, "appended");
      await edited.open(writing);
      expect(await edited.write(bytes.length, randomBytes(20 * MiB))).toBe("0");
      expect(await edited.write(7, Buffer.from("edit"))).toBe("0");
      await edited.cut();
      expect(await gate.gateway.open("ann").stat("/appended")).toMatchObject({ size: bytes.length, arriving: false });
      expect(await has("appended", bytes)).toBe(true);
      expect(await gate.uploads.listMine("ann")).toEqual([]);
    });

    test("changes in any order to a finished file become one new file", async () => {
      const bytes = randomBytes(3 * part);
      const client = new SftpFile(gate, "places");
      await client.store(bytes);
      await client.open(writing);
      for (const at of [2 * part + 5, 7, part - 2, 2 * part + 7, part - 3]) {
        const patch = randomBytes(5);
        expect(await client.write(at, patch)).toBe("0");
        bytes.set(patch, at);
        expect(await client.size()).toBe(bytes.length);
      }
      expect(await client.close()).toBe("0");
      expect(await has("places", bytes)).toBe(true);
    });

    test("a file grows to the size that is set, by handle and by name", async () => {
      const bytes = randomBytes(1000);
      const client = new SftpFile(gate, "grown");
      await client.store(bytes);
      await client.open(writing);
      expect(await client.setSize(3000)).toBe("0");
      expect(await client.close()).toBe("0");
      expect(await has("grown", Buffer.concat([bytes, Buffer.alloc(2000)]))).toBe(true);
      expect(await client.setSizeOf("/grown", 5000)).toBe("0");
      expect(await has("grown", Buffer.concat([bytes, Buffer.alloc(4000)]))).toBe(true);
      expect(await client.setSizeOf("/grown", 500)).toBe("0");
      expect(await has("grown", bytes.subarray(0, 500))).toBe(true);
    });

    test("an attempt that was cut off is begun again from its first byte, as scp does, by a shorter file too", async () => {
      const client = new SftpFile(gate, "again");
      const short = randomBytes(part + 9);
      await client.open(writing | create | truncate);
      await client.write(0, randomBytes(2 * part + 9));
      await client.cut();
      await client.open(writing | create);
      expect(await client.size()).toBe(2 * part + 9);
      expect(await client.write(0, short)).toBe("0");
      expect(await client.setSize(short.length)).toBe("0");
      expect(await client.close()).toBe("0");
      expect(await has("again", short)).toBe(true);
    });
  });
}

/** A client with one file. */
class SftpFile {
  readonly #gate: ReturnType<typeof openGateway>;
  readonly #path: string;
  #client: PipeClient | undefined;
  #handle: Buffer = Buffer.alloc(0);

  constructor(gate: ReturnType<typeof openGateway>, path: string) {
    this.#gate = gate;
    this.#path = path;
  }

  async store(bytes: Uint8Array): Promise<void> {
    await this.open(writing | create | truncate);
    await this.write(0, bytes);
    expect(await this.close()).toBe("0");
  }

  async open(flags: number): Promise<void> {
    const client = await this.#connected();
    this.#handle = handleOf(await client.ask(open(1, `/${this.#path}`, flags)));
  }

  /** Write all, and give the last answer. */
  async write(offset: number, bytes: Uint8Array): Promise<string> {
    let last = "0";
    for (let at = 0; at < bytes.length && last === "0"; at += piece) {
      last = await this.#ask(write(2, this.#handle, offset + at, bytes.subarray(at, at + piece)));
    }
    return last;
  }

  async size(): Promise<number> {
    const { body } = await (await this.#connected()).ask(packet(packetType.fstat, u32(3), text(this.#handle)));
    return Number(body.readBigUInt64BE(4));
  }

  setSize(size: number): Promise<string> {
    return this.#ask(packet(packetType.fsetstat, u32(4), text(this.#handle), u32(1), u64(size)));
  }

  setSizeOf(path: string, size: number): Promise<string> {
    return this.#ask(packet(packetType.setstat, u32(5), text(path), u32(1), u64(size)));
  }

  close(): Promise<string> {
    return this.#ask(close(6, this.#handle));
  }

  async cut(): Promise<void> {
    await this.#client?.cut();
    this.#client = undefined;
  }

  async #ask(request: Uint8Array): Promise<string> {
    return statusOf(await (await this.#connected()).ask(request));
  }

  async #connected(): Promise<PipeClient> {
    if (this.#client === undefined) {
      this.#client = new PipeClient(this.#gate.gateway);
      await this.#client.ask(init());
    }
    return this.#client;
  }
}
