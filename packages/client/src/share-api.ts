/**
 * The server's calls about links for people without an account, as their owner makes them; and those that guests make below
 * a link's own address.
 *
 * @module
 */

import {
  type Abortable,
  type ChangeShare,
  type CreateShare,
  decodeGuestReceipt,
  decodeGuestShare,
  decodeMadeShare,
  decodeShare,
  decodeShareList,
  decodeShareLog,
  type EnterShare,
  type GuestReceipt,
  type MadeShare,
  type ShareList,
  type ShareLogEntry,
  type WireGuestShare,
  type WireShare,
} from "@naru/core";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** My links, as calls. */
export class ShareApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Make a link. Its token is told this once. @throws {TransferError} `not-found`; `invalid` */
  async create(share: CreateShare, options: Abortable = {}): Promise<MadeShare> {
    return decodeMadeShare(await this.#caller.json("POST", "/api/shares", { ...options, json: share }));
  }

  async list(options: Abortable = {}): Promise<ShareList> {
    return decodeShareList(await this.#caller.json("GET", "/api/shares", options));
  }

  /** @throws {TransferError} `not-found`; `conflict` when it was stopped */
  async change(id: string, change: ChangeShare, options: Abortable = {}): Promise<WireShare> {
    return decodeShare(await this.#caller.json("PATCH", sharePath(id), { ...options, json: change }));
  }

  /** Give a link another address; the one of before stops at once. */
  async renew(id: string, options: Abortable = {}): Promise<MadeShare> {
    return decodeMadeShare(await this.#caller.json("PATCH", sharePath(id), { ...options, json: { renew: true } }));
  }

  /** Stop a link; one that has ended is forgotten with its log. @throws {TransferError} `not-found` */
  async remove(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", sharePath(id), options);
  }

  /** What was taken and sent by a link. */
  async log(id: string, options: Abortable = {}): Promise<readonly ShareLogEntry[]> {
    return decodeShareLog(await this.#caller.json("GET", `${sharePath(id)}/log`, options)).entries;
  }
}

/** A link, as its guests call it; `origin` is its whole address. Files and uploads are those of `NaruApi` below it. */
export class GuestApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Ask what the link is. @throws {TransferError} `not-found` when it does not work */
  async look(options: Abortable = {}): Promise<WireGuestShare> {
    return decodeGuestShare(await this.#caller.json("GET", "/api/guest", options));
  }

  /** Enter, or come back. @throws {TransferError} `forbidden` for a wrong password; `throttled` after many; `invalid` */
  async enter(typed: EnterShare, options: Abortable = {}): Promise<WireGuestShare> {
    return decodeGuestShare(await this.#caller.json("POST", "/api/guest", { ...options, json: typed }));
  }

  /** What I have sent by this link. */
  async receipt(options: Abortable = {}): Promise<GuestReceipt> {
    return decodeGuestReceipt(await this.#caller.json("GET", "/api/guest/receipt", options));
  }
}

function sharePath(id: string): string {
  return `/api/shares/${encodeURIComponent(id)}`;
}
