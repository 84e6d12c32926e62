/**
 * How much a client may send on a channel before it is given leave for more (RFC 4254 section 5.2).
 *
 * ssh2 gives leave by itself, up to 2 MiB, for what its stream has buffered. Here leave is given for what was taken, and
 * the window grows with what a line holds: on a line of 100 ms, 16 MiB are 8 times 2 MiB. It grows no further, since
 * OpenSSH's client buffers as much as it has leave to send, and 9.2 spends more time on growing that buffer than on
 * encrypting what is in it.
 *
 * @module
 */

import { KiB, MiB, TransferError } from "@naru/core";
import { hasFields } from "./known-fields.ts";
import type { ServerChannel } from "./ssh2.ts";

const firstWindow = 2 * MiB;
/** OpenSSH's client keeps no more than this in flight. */
const largestWindow = 16 * MiB;
const smallestWindow = 512 * KiB;
/** Above where ssh2 gives leave by itself, which is when its window falls to 1 MiB. */
const bias = 8 * MiB;

/** What the windows of all channels of a process may come to. Those who are many have small ones. */
export class WindowMemory {
  readonly #bytes: number;
  #channels = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** What each may have at most, as many as there are now. */
  get share(): number {
    return Math.min(largestWindow, Math.max(smallestWindow, Math.floor(this.#bytes / Math.max(1, this.#channels))));
  }

  enter(): void {
    this.#channels++;
  }

  leave(): void {
    this.#channels--;
  }
}

/** What of ssh2's channel the window is made with: no part of its public face, and checked before it is used. */
interface ChannelInside {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(channel: number, bytes: number): void } };
}

export interface ChannelWindow {
  /** So many bytes were taken: leave is given for as many more, and at times for more. */
  taken(bytes: number): void;
  /** A round trip took no longer than this. Until one is known, the window does not grow. */
  roundTrip(ms: number): void;
}

export interface ChannelWindowOptions {
  readonly memory: WindowMemory;
  /** Told when a client sends more than it was given leave for; it is to be ended. */
  readonly onOverrun: () => void;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Take over a channel's window. @throws {TransferError} `internal` when ssh2's channel is not made as we know it */
export function channelWindow(channel: ServerChannel, options: ChannelWindowOptions): ChannelWindow {
  const inside: unknown = channel;
  if (!isInside(inside))
    throw new TransferError("internal", "Cannot tune the window: the SSH channel has an unknown shape");
  return new TunedWindow(inside, options);
}

class TunedWindow implements ChannelWindow {
  readonly #inside: ChannelInside;
  readonly #memory: WindowMemory;
  readonly #now: () => number;
  #size = firstWindow;
  /** What the client may still send. */
  #left: number;
  /** Bytes that came and were not taken. */
  #waiting = 0;
  /** Bytes that were taken since the window was last looked at, and when that was. */
  #passed = 0;
  #since: number;
  #roundTripMs: number | undefined;

  constructor(inside: ChannelInside, { memory, onOverrun, now = () => performance.now() }: ChannelWindowOptions) {
    this.#inside = inside;
    this.#memory = memory;
    this.#now = now;
    this.#since = now();
    this.#left = inside.incoming.window;
    // ssh2 counts down here what comes. It shall believe that there is enough, and so never give leave itself.
    Object.defineProperty(inside.incoming, "window", {
      get: () => this.#left + bias,
      set: (value: number) => {
        const came = this.#left + bias - value;
        this.#left -= came;
        this.#waiting += came;
        if (this.#left < 0) onOverrun();
      },
    });
  }

  taken(bytes: number): void {
    this.#waiting -= bytes;
    this.#passed += bytes;
    // Small leaves would cost a packet each.
    if (this.#size - this.#left - this.#waiting < Math.min(512 * KiB, this.#size / 4)) return;
    this.#tune();
    const leave = this.#size - this.#left - this.#waiting;
    if (leave <= 0 || this.#inside.outgoing.state !== "open") return;
    this.#left += leave;
    this.#inside._client._protocol.channelWindowAdjust(this.#inside.outgoing.id, leave);
  }

  roundTrip(ms: number): void {
    this.#roundTripMs = Math.min(ms, this.#roundTripMs ?? Number.POSITIVE_INFINITY);
  }

  /**
   * After every window that passed: four times what passes in a round trip, as long as we keep up. A client that is held back
   * by the window sends one window in a round trip, so then it grows fast.
   */
  #tune(): void {
    const share = this.#memory.share;
    if (this.#passed >= this.#size) {
      const now = this.#now();
      const inRoundTrip = (this.#passed / Math.max(now - this.#since, 1)) * (this.#roundTripMs ?? 0);
      if (this.#waiting <= this.#size / 4) this.#size = Math.max(this.#size, 4 * inRoundTrip);
      this.#passed = 0;
      this.#since = now;
    }
    this.#size = Math.floor(Math.min(this.#size, share));
  }
}

function isInside(channel: unknown): channel is ChannelInside {
  if (!hasFields(channel, ["incoming", "outgoing", "_client"])) return false;
  const { incoming, outgoing, _client: client } = channel;
  if (!hasFields(incoming, ["window"]) || !hasFields(outgoing, ["id", "state"])) return false;
  if (!hasFields(client, ["_protocol"])) return false;
  const { _protocol: protocol } = client;
  return hasFields(protocol, ["channelWindowAdjust"]) && typeof protocol["channelWindowAdjust"] === "function";
}
