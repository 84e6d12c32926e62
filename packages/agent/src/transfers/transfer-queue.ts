/**
 * The queue as its callers see it: the socket door, the window and the control socket. `Transfers` is it.
 *
 * @module
 */

import type { Abortable } from "@naru/core";
import type { Settings } from "../settings.ts";
import type { FedFile, Spool, Way } from "../spool/spool.ts";
import type { Destination } from "./destination.ts";
import type { TransferView } from "./transfer-view.ts";

interface Wanted {
  readonly to: Destination;
  /** Its path below the destination's folder; default is the file's name. */
  readonly path?: string | undefined;
  /** Who asks: a page's origin; absent for this computer's user. */
  readonly owner?: string | undefined;
  /** An upload begun elsewhere to go on with (same parts); its part size must be told with it. */
  readonly upload?: { readonly id: string; readonly partSize: number } | undefined;
  readonly type?: string | undefined;
}

/** A file that the agent opens itself: no spool. */
export interface SendRequest extends Wanted {
  readonly file: string;
}

/** A file that somebody feeds. */
export interface ReceiveRequest extends Wanted {
  readonly file: FedFile;
}

export interface TransferEvent {
  /** `gone`: removed from the list. */
  readonly kind: "changed" | "gone";
  readonly transfer: TransferView;
}

export interface TransferQueue {
  /** All transfers, in the order of the queue. */
  list(): readonly TransferView[];
  get(id: string): TransferView | undefined;
  /** Put a file of this computer in the queue. @throws {TransferError} `not-found`, `forbidden`, `invalid` */
  send(request: SendRequest, options?: Abortable): Promise<TransferView>;
  /** Tell how a file of this size would be received now, before it begins; `free` is the room in the spool. */
  wayFor(size: number): Promise<{ readonly way: Exclude<Way, "direct">; readonly free: number }>;
  /** Begin to receive a file and put it in the queue; feed its spool. */
  receive(request: ReceiveRequest, options?: Abortable): Promise<{ transfer: TransferView; spool: Spool }>;
  /** The spool of a transfer that is fed; `undefined` for a direct one and one that has ended. */
  spoolOf(id: string): Spool | undefined;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Stop for good: the upload at the far side and the spool are removed. */
  cancel(id: string): Promise<void>;
  /**
   * Stop and take off the list, so that another goes on: the upload stays, and its id is told where that is one of a Naru server.
   *
   * @throws {TransferError} `conflict` for one that has arrived, or is about to
   */
  release(id: string): Promise<string | undefined>;
  /** Begin a failed or cancelled transfer again, with what the far side still has of it. */
  retry(id: string): Promise<void>;
  /** Do several things to the queue as one: no other transfer begins before they are done. */
  together<T>(act: () => Promise<T>): Promise<T>;
  /** Move a transfer to this place of the queue, from 0. */
  move(id: string, place: number): Promise<void>;
  /** Take an ended transfer off the list. */
  remove(id: string): Promise<void>;
  readonly settings: Settings;
  change(settings: Partial<Settings>): Promise<Settings>;
  /** Told of every change, progress included, until what is returned is called. */
  onEvent(listener: (event: TransferEvent) => void): () => void;
}
