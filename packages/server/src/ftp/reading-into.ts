import { Socket, type SocketConstructorOpts } from "node:net";
import { KiB } from "@naru/core";

const bufferSize = 256 * KiB;

/** A connection that is read into one buffer again and again: a fresh one for every read costs more than the read. */
export interface ReadingInto {
  readonly socket: Socket;
  /** What comes; each chunk holds until the next is asked for. @throws what the connection broke with */
  chunks(): AsyncGenerator<Uint8Array, void>;
}

/**
 * Take over an accepted connection that nothing was read of yet. Node offers this to connections that it opens, so that
 * one that it accepted is handed to a new socket; `undefined` where that is not possible, and then nothing has changed.
 */
export function readingInto(accepted: Socket): ReadingInto | undefined {
  const handle: unknown = Reflect.get(accepted, "_handle");
  const begun = accepted.bytesRead > 0 || accepted.readableFlowing === true || accepted.destroyed;
  if (begun || accepted.constructor !== Socket || typeof handle !== "object" || handle === null) return undefined;
  const buffer = new Uint8Array(bufferSize);
  let came = 0;
  let wake = (): void => undefined;
  const onread = {
    buffer,
    callback: (count: number): boolean => {
      came = count;
      wake();
      // One at a time: the next is read when this one is used up.
      return false;
    },
  };
  accepted.setTimeout(0);
  // Node's own way to make a socket of a handle, which its type names leave out.
  const socket = new Socket({ handle, onread, allowHalfOpen: true } as SocketConstructorOpts);
  // The handle has one owner.
  Reflect.set(accepted, "_handle", null);
  let over = false;
  const end = (): void => {
    over = true;
    wake();
  };
  socket.once("end", end).once("close", end);
  return {
    socket,
    async *chunks() {
      for (;;) {
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (!over) {
          socket.resume();
          await next;
        }
        if (came === 0) break;
        const count = came;
        came = 0;
        yield buffer.subarray(0, count);
      }
      if (socket.errored) throw socket.errored;
      if (!socket.readableEnded) throw new Error("the connection was closed");
    },
  };
}
