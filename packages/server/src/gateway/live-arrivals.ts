import { type Abortable, finalName, type StoredFile, TransferError } from "@naru/core";
import { refuseClash } from "../catalogue/clashes.ts";
import type { Base } from "./file-base.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { WriteMode } from "./gateway-session.ts";
import { KeptUpload } from "./kept-upload.ts";
import { LiveArrival } from "./live-arrival.ts";
import { planSizes } from "./part-sizes.ts";
import { closeArrival } from "./publishing.ts";
import { type Resumed, resumeKept } from "./resume-kept.ts";

/** Whose file it is, and what its owner calls it. */
export interface Name {
  readonly owner: string;
  readonly door: string;
  readonly name: string;
}

/** The files that this process is writing, and how one is opened. A newcomer of the same owner takes over. */
export class LiveArrivals {
  readonly #context: GatewayContext;
  readonly #live = new Map<string, LiveArrival>();

  constructor(context: GatewayContext) {
    this.#context = context;
  }

  find({ owner, name }: Omit<Name, "door">): LiveArrival | undefined {
    return this.#live.get(`${owner}\0${name}`);
  }

  /** Names and arrivals of `owner` that begin with `prefix`. */
  listBelow(owner: string, prefix: string): (readonly [string, LiveArrival])[] {
    const start = `${owner}\0${prefix}`;
    const found = [...this.#live].filter(([key]) => key.startsWith(start));
    return found.map(([key, arrival]) => [key.slice(owner.length + 1), arrival] as const);
  }

  open(who: Name, mode: WriteMode, options: Abortable = {}): Promise<LiveArrival> {
    return this.#alone(who, () => this.#open(who, mode, options));
  }

  /** Run something while nobody opens the file; who writes it is suspended before. */
  alone<T>(who: Omit<Name, "door">, work: () => Promise<T>): Promise<T> {
    return this.#alone(who, async () => {
      await this.find(who)?.supersede();
      return await work();
    });
  }

  /** Forget a file on its way, whoever writes it; whether there was one. Call it under `alone`. */
  async drop(who: Omit<Name, "door">): Promise<boolean> {
    const live = this.find(who);
    if (live && !live.isUntouched) {
      await live.discard("not-found");
      // The file that it changes stands there still.
      return !live.isEdit;
    }
    const record = await this.#context.ledger.arrivals.find(who.owner, who.name);
    const resumed = record && (await resumeKept(this.#context, record));
    await resumed?.kept.abort();
    return resumed !== undefined;
  }

  /** A file appeared by another way under a name at which something is kept: that would hide it from its owner. */
  async giveWay(who: Omit<Name, "door">): Promise<void> {
    if (this.find(who) !== undefined) return;
    await this.#alone(who, async () => {
      if (this.find(who) === undefined) await this.drop(who);
    });
  }

  /** The upload is gone from the ledger: who writes it is told. */
  async forget(id: string): Promise<void> {
    const gone = [...this.#live.values()].filter((arrival) => arrival.id === id);
    await Promise.all(gone.map((arrival) => arrival.fail("not-found")));
  }

  /** Keep what came of all. */
  async suspendAll(): Promise<void> {
    await Promise.all([...this.#live.values()].map((arrival) => arrival.suspend()));
  }

  /** One at a time opens a file, or changes what is kept of it. */
  #alone<T>({ owner, name }: Omit<Name, "door">, work: () => Promise<T>): Promise<T> {
    return this.#context.locks.run(`arrival ${owner}\0${name}`, work);
  }

  async #open(who: Name, mode: WriteMode, options: Abortable): Promise<LiveArrival> {
    const { catalogue, ledger, recent, store } = this.#context;
    const { owner, name } = who;
    const live = this.find(who);
    if (live && mode.exclusive) throw taken(name);
    if (live) await (mode.truncate ? live.discard("superseded") : live.supersede());
    const record = await ledger.arrivals.find(owner, name);
    if (record && mode.exclusive) throw taken(name);
    const resumed = record && (await resumeKept(this.#context, record));
    if (resumed && mode.truncate) await resumed.kept.abort();
    else if (resumed) {
      await resumed.kept.noteFinished(null);
      return this.#start(who, mode, resumed);
    }
    const matters = !mode.truncate || !mode.create || mode.exclusive === true;
    const file = matters ? await catalogue.files.stat(name, options) : undefined;
    if (file && mode.exclusive) throw taken(name);
    await refuseClash(recent.clashes(store), { doing: `write "${name}"`, path: name, kind: "file" }, options);
    if (!file && !mode.create) throw new TransferError("not-found", `Cannot write "${name}": there is no such file`);
    return this.#start(who, mode, file && !mode.truncate ? { file } : undefined);
  }

  #start(who: Name, mode: WriteMode, from: Resumed | Base | undefined): LiveArrival {
    const context = this.#context;
    const { owner, name } = who;
    const resumed = from !== undefined && "kept" in from ? from : undefined;
    const key = finalName(name) ?? name;
    const sizes = planSizes(context.store.limitsFor(key), { hint: mode.size });
    const base = from !== undefined && "file" in from ? from : undefined;
    const edit = base !== undefined;
    const facts = { ...who, key, hint: mode.size, partSize: sizes(1), modified: mode.modified, edit };
    const known = resumed?.modified ?? resumed?.upload.spec.modified;
    const kept = resumed?.kept ?? new KeptUpload(context, facts);
    const at = `${owner}\0${name}`;
    const arrival: LiveArrival = new LiveArrival({
      context,
      kept,
      sizes,
      path: `/${name}`,
      receipts: resumed?.receipts,
      tail: resumed?.tail.pieces,
      expected: mode.size,
      modified: mode.modified ?? known,
      base,
      publish: (self, options): Promise<StoredFile> =>
        closeArrival(context, { kept, filling: self.filling, name, key, modified: self.modified }, options),
      onEnd: () => {
        if (this.#live.get(at) === arrival) this.#live.delete(at);
      },
    });
    this.#live.set(at, arrival);
    return arrival;
  }
}

function taken(name: string): TransferError {
  return new TransferError("conflict", `Cannot write "${name}": the name is taken`);
}
