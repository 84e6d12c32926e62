import { type Files, MiB, type Part, type Store, type StoredFile, type Upload, wrapStore } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { mountStores } from "../../src/catalogue/mounts.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";

/** Of a file that is moved as what takes long is. */
export const body = new Uint8Array(72 * MiB);
for (let at = 0; at < body.length; at += 4096) body[at] = at / 4096;

/** Lets so many parts pass; the others wait. */
class Gate {
  #left = Number.POSITIVE_INFINITY;
  readonly #waiting = new Set<() => void>();

  set open(count: number) {
    this.#left = count;
    for (const wake of this.#waiting) wake();
  }

  async pass(signal: AbortSignal | undefined): Promise<void> {
    while (this.#left <= 0) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    this.#left -= 1;
  }
}

/** Two stores in memory as one, and processes over them and one ledger. */
export async function slowHouse() {
  const db = openDatabase(":memory:");
  const [root, cloud] = [memoryStore(new Map()), memoryStore(new Map())];
  const put: number[] = [];
  const gate = new Gate();
  const upload = (inner: Upload): Partial<Upload> => ({
    async put(part: Part, bytes, options) {
      await gate.pass(options?.signal);
      const receipt = await inner.put(part, bytes, options);
      put.push(part.number);
      return receipt;
    },
  });
  const inner: Store = {
    direct: cloud.direct,
    limitsFor: cloud.limitsFor.bind(cloud),
    create: cloud.create.bind(cloud),
    resume: cloud.resume.bind(cloud),
  };
  const { create, resume } = wrapStore(inner, { upload });
  const slow: Store & Files = Object.assign(cloud, { create, resume });
  await write(root, "a.bin");
  const store = mountStores([
    { prefix: "", store: root },
    { prefix: "cloud/", store: slow },
  ]);
  const process = () => openCatalogue({ store, db, now: Date.now, log: silentLog() }).catalogue;
  return { root, cloud, put, gate, process, store, [Symbol.asyncDispose]: () => db.destroy() };
}

export async function write(store: Store, path: string, bytes = body): Promise<StoredFile> {
  const upload = await store.create({ path, size: bytes.length, partSize: bytes.length });
  await upload.put({ number: 1, offset: 0, size: bytes.length }, new Blob([bytes]));
  return upload.complete();
}
