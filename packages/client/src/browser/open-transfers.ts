/**
 * The page's end of the engine: it posts verbs and files to the worker, keeps the rows that come back, and asks for
 * permission where only a click may.
 *
 * @module
 */

import { Calls, TransferError } from "@naru/core";
import { saveBlob } from "./download.ts";
import { askPermission } from "./file-permission.ts";
import { gather } from "./gathered-files.ts";
import type { TransferHistory } from "./history.ts";
import { keepLimit, keptLimit, limitKey } from "./kept-limit.ts";
import { noTotals } from "./no-totals.ts";
import { randomId } from "./tab-locks.ts";
import type {
  AddOptions,
  GroupVerb,
  HandedOver,
  Incoming,
  OpenTransfersOptions,
  Tick,
  Totals,
  TransferRow,
  Transfers,
} from "./transfers.ts";
import type { Answer, Call, FromWorker, ToWorker } from "./worker-messages.ts";

/** Open the transfers of `options.user`: starts the engine's worker, which goes on with what was left unfinished. */
export async function openTransfers({ origin, user, worker = engineWorker }: OpenTransfersOptions): Promise<Transfers> {
  const page = new PageTransfers({ origin, user, worker });
  await page.open();
  return page;
}

function engineWorker(): Worker {
  return new Worker(new URL("./engine-worker.ts", import.meta.url), { type: "module" });
}

type Body =
  | { kind: "open"; origin: string; user: string; limit: number | undefined }
  | { kind: "call"; call: Call }
  | { kind: "chooseAll"; files: readonly Incoming[] }
  | { kind: "handOverFile" | "handOverUpload"; key: string };

interface PageTransfersOptions extends OpenTransfersOptions {
  readonly worker: () => Worker;
}

class PageTransfers implements Transfers {
  readonly #options: PageTransfersOptions;
  /** None while the page is left. */
  #worker: Worker | undefined;
  readonly #calls = new Calls<Answer>();
  readonly #rows = new Map<string, TransferRow>();
  readonly #handles = new Map<string, FileSystemFileHandle | FileSystemDirectoryHandle>();
  readonly #listeners = new Set<(tick: Tick) => void>();
  #totals: Totals = noTotals;

  constructor(options: PageTransfersOptions) {
    this.#options = options;
    addEventListener("storage", this.#stored);
    addEventListener("pagehide", this.#leave);
    addEventListener("online", this.#wake);
    addEventListener("pageshow", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
  }

  async open(): Promise<void> {
    const { origin, user, worker: start } = this.#options;
    const worker = start();
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    worker.onerror = ({ message }) => this.#fail(message);
    this.#worker = worker;
    await this.#post({ kind: "open", origin, user, limit: this.limit });
  }

  async add(files: Iterable<Incoming> | AsyncIterable<Incoming>, { to, conflict }: AddOptions): Promise<void> {
    const drop = randomId();
    const posted: Promise<void>[] = [];
    try {
      await gather(files, (batch) => posted.push(this.#call({ verb: "add", files: batch, to, drop, conflict })));
      await Promise.all(posted);
    } finally {
      // Also of a folder that could be read in part only: what was found is all there will be.
      await Promise.allSettled(posted);
      await this.#call({ verb: "allFound", drop });
    }
  }

  download(
    paths: readonly string[],
    { into: folder }: { readonly into?: FileSystemDirectoryHandle | undefined } = {},
  ): Promise<void> {
    return this.#call({ verb: "download", paths, folder, drop: randomId() });
  }

  save(key: string): Promise<void> {
    return this.#call({ verb: "save", key });
  }

  pause(key: string): void {
    this.#tell({ verb: "pause", key });
  }

  pauseAll(): void {
    this.#tell({ verb: "pauseAll" });
  }

  resumeAll(): void {
    this.#tell({ verb: "resumeAll" });
  }

  async resume(key: string): Promise<void> {
    const handle = this.#handles.get(key);
    const row = this.#rows.get(key);
    if (!handle || row?.needs !== "permission") return this.#call({ verb: "resume", key });
    if ((await askPermission(handle)) !== "granted") {
      throw new TransferError("forbidden", `Cannot resume "${row.name}": the browser may not read it`);
    }
    if (handle.kind === "directory") return this.#call({ verb: "resume", key });
    const file = await handle.getFile().catch((cause: unknown) => {
      throw new TransferError("file-changed", `Cannot resume "${row.name}": it was moved or removed`, { cause });
    });
    await this.choose(key, { path: row.path, file, handle });
  }

  retry(key: string): Promise<void> {
    return this.#call({ verb: "retry", key });
  }

  retryAll(): void {
    this.#tell({ verb: "retryAll" });
  }

  get limit(): number | undefined {
    return keptLimit();
  }

  setLimit(bytesPerSecond: number | undefined): void {
    keepLimit(bytesPerSecond);
    this.#applyLimit();
  }

  cancel(key: string): Promise<void> {
    return this.#call({ verb: "cancel", key });
  }

  async handOverFile(key: string): Promise<HandedOver> {
    const handedOver = await this.#ask({ kind: "handOverFile", key });
    if (typeof handedOver === "object") return handedOver;
    throw new TransferError("not-found", "Cannot find the transfer in this tab");
  }

  async handOverUpload(key: string): Promise<string | undefined> {
    const upload = await this.#ask({ kind: "handOverUpload", key });
    return typeof upload === "string" ? upload : undefined;
  }

  takeBack(key: string): Promise<void> {
    return this.#call({ verb: "takeBack", key });
  }

  release(key: string): Promise<void> {
    return this.#call({ verb: "release", key });
  }

  withGroup(group: string, does: GroupVerb): Promise<void> {
    return this.#call({ verb: "group", group, does });
  }

  move(unit: string, order: number): Promise<void> {
    return this.#call({ verb: "move", unit, order });
  }

  async chooseAll(files: Iterable<Incoming> | AsyncIterable<Incoming>): Promise<number> {
    const posted: Promise<Answer>[] = [];
    await gather(files, (batch) => posted.push(this.#ask({ kind: "chooseAll", files: batch })));
    const taken = (await Promise.all(posted)).reduce<number>((sum, n) => sum + (typeof n === "number" ? n : 0), 0);
    return taken;
  }

  choose(key: string, { path, file, handle }: Incoming): Promise<void> {
    return this.#call({ verb: "choose", key, chosen: { path, file, handle } });
  }

  listed(): Promise<void> {
    return this.#call({ verb: "listed" });
  }

  clear(): void {
    this.#tell({ verb: "clear" });
  }

  async history(): Promise<TransferHistory> {
    const { TransferHistory } = await import("./history.ts");
    return TransferHistory.open(this.#options.user);
  }

  subscribe(listener: (tick: Tick) => void): () => void {
    this.#listeners.add(listener);
    listener({ rows: [...this.#rows.values()], removed: [], totals: this.#totals, arrived: [] });
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    removeEventListener("storage", this.#stored);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("online", this.#wake);
    removeEventListener("pageshow", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
    this.#listeners.clear();
    this.#stop("the page closed it");
  }

  /**
   * A page that Safari keeps for the back button keeps its locks too: to the page that follows, its transfers would belong to
   * another tab. Locks go with their worker.
   */
  readonly #leave = (): void => this.#stop("the page was left");

  #stop(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#fail(why);
  }

  /** The back button brought the page back: its rows come from the journal, as after a reload. */
  #comeBack(): void {
    this.#tick({ rows: [], removed: [...this.#rows.keys()], totals: noTotals, arrived: [] });
    void this.open().catch(() => undefined);
  }

  /** Another tab has another limit now: it is the same for all. */
  readonly #stored = ({ key }: StorageEvent): void => {
    if (key === limitKey) this.#applyLimit();
  };

  #applyLimit(): void {
    this.#tell({ verb: "limit", bytesPerSecond: this.limit });
  }

  readonly #wake = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.#worker) this.#tell({ verb: "wake" });
    else this.#comeBack();
  };

  #hear(message: FromWorker): void {
    if (message.kind === "tick") this.#tick(message.tick);
    else if (message.kind === "save") saveBlob(message.file, message.name);
    else if (message.kind === "handle") this.#handles.set(message.key, message.handle);
    else this.#settle(message);
  }

  #settle(message: Extract<FromWorker, { kind: "reply" }>): void {
    if (message.error) this.#calls.fail(message.id, new TransferError(message.error.code, message.error.message));
    else this.#calls.answer(message.id, message.answer);
  }

  #tick(tick: Tick): void {
    for (const row of tick.rows) this.#rows.set(row.key, row);
    for (const key of tick.removed) {
      this.#rows.delete(key);
      this.#handles.delete(key);
    }
    this.#totals = tick.totals;
    for (const listener of this.#listeners) listener(tick);
  }

  #fail(why: string): void {
    this.#calls.failAll(new TransferError("internal", `Cannot run the transfers' worker: ${why}`));
  }

  #tell(call: Call): void {
    // What a verb without a promise did shows in the rows.
    void this.#call(call).catch(() => undefined);
  }

  #call(call: Call): Promise<void> {
    return this.#post({ kind: "call", call });
  }

  async #post(body: Body): Promise<void> {
    await this.#ask(body);
  }

  #ask(body: Body): Promise<Answer> {
    return this.#calls.make((id) => {
      const message: ToWorker = { ...body, id };
      this.#worker?.postMessage(message);
    });
  }
}
