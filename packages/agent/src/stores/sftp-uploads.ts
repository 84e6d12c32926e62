/**
 * Uploads by numbered parts at a server of ours, inside SFTP sessions (`core/wire/ssh`): parts go in any order over
 * several connections, and the server tells which it has. The pair of `server/sftp/upload-requests`.
 *
 * @module
 */

import { type PutPart, RemoteUpload, remoteStore, type UploadApi } from "@naru/client";
import {
  type Abortable,
  answerIn,
  type Body,
  chunksOf,
  decodePartHandle,
  decodeReceipt,
  decodeWireFile,
  decodeWireUpload,
  type Limits,
  type Part,
  type PartRequest,
  type PutOptions,
  type Receipt,
  type Store,
  TransferError,
  toReceipt,
  type UploadRequest,
  uploadExtension,
  type WireUpload,
} from "@naru/core";
import { remotePath } from "./remote-names.ts";
import type { Handle, SftpClient } from "./sftp-client.ts";
import type { SftpLink } from "./sftp-link.ts";
import { mostWrites, writeAll } from "./sftp-pipeline.ts";

/** What a connection loses on a long line it makes up slowly, so that more of them carry more. */
const longRoundTripMs = 25;

export interface SftpUploadsOptions {
  /** The connections; one part at a time travels on each. The first also carries what is asked. */
  readonly links: readonly SftpLink[];
  /** How many of them are used where the server is near: each costs both sides a handshake. */
  readonly near: number;
  readonly limits: Limits;
  /** The folder on the server that is the store. */
  readonly folder: string;
}

/** Make the store of a server that has the extensions. */
export function sftpUploads({ links, near, limits, folder }: SftpUploadsOptions): Pick<Store, "create" | "resume"> {
  const free = new FreeLinks(links);
  const api = uploadApi(links, folder);
  const open = (wire: WireUpload): RemoteUpload => {
    const isFar = (links[0]?.roundTripMs ?? 0) >= longRoundTripMs;
    const maxInFlight = isFar ? links.length : near;
    free.allow(maxInFlight);
    // As much on its way as one connection alone would have, and no more memory.
    const atOnce = Math.ceil(mostWrites / maxInFlight);
    const put: PutPart = ({ id, epoch }, part, body, options) =>
      free.use((link) => putPart(link, { id, epoch, number: part.number }, { part, body, options, atOnce }), options);
    return Object.assign(new RemoteUpload(api, wire, put), { maxInFlight });
  };
  return remoteStore(api, open, { limits });
}

/** The control calls, as requests on the first connection. Our server has one root, wherever an account starts. */
function uploadApi(links: readonly SftpLink[], folder: string): UploadApi {
  const above = remotePath(folder, "x").slice(0, -1).replace(/^\/+/, "");
  const here = <Answer extends { readonly path: string }>(answer: Answer): Answer => ({
    ...answer,
    path: answer.path.startsWith(above) ? answer.path.slice(above.length) : answer.path,
  });
  const ask = async (request: UploadRequest, doing: string, options: Abortable = {}): Promise<unknown> => {
    const client = await links[0]?.client(options);
    if (client === undefined) throw new TransferError("invalid", "Cannot connect: no connection is allowed");
    return answerIn(parse(await client.askText(uploadExtension.control, JSON.stringify(request), doing, options)));
  };
  const askUpload = async (request: UploadRequest, doing: string, options?: Abortable): Promise<WireUpload> =>
    here(decodeWireUpload(await ask(request, doing, options)));
  return {
    create: (wish, options) => {
      const upload = { ...wish, path: above + wish.path };
      return askUpload({ verb: "create", upload }, `create "${wish.path}"`, options);
    },
    get: (id, options) => askUpload({ verb: "get", id }, `look at "${id}"`, options),
    resume: (id, options) => askUpload({ verb: "resume", id }, `resume "${id}"`, options),
    // The server has the digests of the parts already.
    complete: async (id, _parts, { epoch, ...options } = {}) =>
      here(decodeWireFile(await ask({ verb: "complete", id, epoch }, `complete "${id}"`, options))),
    abort: async (id, options) => {
      await ask({ verb: "abort", id }, `abort "${id}"`, options);
    },
  };
}

interface PartToPut {
  readonly part: Part;
  readonly body: Body;
  readonly options: PutOptions;
  /** Writes on their way at most. */
  readonly atOnce: number;
}

async function putPart(
  link: SftpLink,
  named: PartRequest,
  { part, body, options, atOnce }: PartToPut,
): Promise<Receipt> {
  const { signal, digest, onProgress } = options;
  const doing = `put part ${part.number}`;
  const client = await link.client({ signal });
  const request: PartRequest = { ...named, digest };
  // Whoever aborts meanwhile still has a handle to close.
  const opened = await client.askText(uploadExtension.part, JSON.stringify(request), doing);
  const handle = decodePartHandle(answerIn(parse(opened)));
  try {
    const file = { client, handle, path: doing };
    // Each chunk has been copied when the next is asked for.
    const chunks = chunksOf(body, { signal, reuse: true });
    const written = writeAll(file, 0, chunks, { signal, onProgress, atOnce });
    // Why a write was refused is told with the receipt.
    await written.catch((error: unknown) => explain(client, handle, doing, error));
    const reply = await client.askText(uploadExtension.receipt, handle, doing, { signal });
    return toReceipt(decodeReceipt(answerIn(parse(reply))));
  } finally {
    if (client.alive) void client.close(handle, doing).catch(() => undefined);
  }
}

async function explain(client: SftpClient, handle: Handle, doing: string, error: unknown): Promise<never> {
  if (client.alive && error instanceof TransferError && error.code === "internal") {
    answerIn(parse(await client.askText(uploadExtension.receipt, handle, doing)));
  }
  throw error;
}

/** Hands out connections, one to each part. */
class FreeLinks {
  readonly #links: readonly SftpLink[];
  readonly #free: SftpLink[] = [];
  readonly #waiting: ((link: SftpLink) => void)[] = [];
  #allowed = 0;

  constructor(links: readonly SftpLink[]) {
    this.#links = links;
  }

  /** Let so many of them be used, from now on. */
  allow(count: number): void {
    for (const link of this.#links.slice(this.#allowed, count)) this.#give(link, "last");
    this.#allowed = Math.max(this.#allowed, count);
  }

  async use<T>(work: (link: SftpLink) => Promise<T>, options: Abortable): Promise<T> {
    const link = await this.#open(options);
    try {
      const done = await work(link);
      this.#give(link, "first");
      return done;
    } catch (error) {
      // One that broke is opened again when no other is free.
      this.#give(link, "last");
      throw error;
    }
  }

  /**
   * An open one. One that cannot be opened while others are is used no more: the server, or somebody on the way, takes no more
   * of us, and whoever goes on asking may be banned.
   */
  async #open({ signal }: Abortable): Promise<SftpLink> {
    for (;;) {
      const link = this.#free.shift() ?? (await new Promise<SftpLink>((resolve) => this.#waiting.push(resolve)));
      try {
        await link.client({ signal });
        return link;
      } catch (error) {
        if (!signal?.aborted && this.#links.some((other) => other.isOpen)) continue;
        this.#give(link, "last");
        throw error;
      }
    }
  }

  #give(link: SftpLink, turn: "first" | "last"): void {
    const next = this.#waiting.shift();
    if (next) next(link);
    else if (turn === "first") this.#free.unshift(link);
    else this.#free.push(link);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TransferError("internal", "Cannot understand the server: its answer is not JSON", { cause });
  }
}
