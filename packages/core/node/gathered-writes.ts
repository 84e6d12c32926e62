import type { Writable } from "node:stream";

/**
 * Have what is written to a socket in one turn leave with one call to the system. ssh2 writes the length, the contents and the
 * tag of each packet apart: without delay (`TCP_NODELAY`) they would be three segments, for each of which the far end wakes up.
 *
 * Call it after `connect()`, which gives a socket back Node's own `write`; that of a class derived from `Socket` is never called.
 */
export function gatherWrites(socket: Writable): void {
  const { write } = socket;
  let isGathering = false;
  const leave = (): void => {
    isGathering = false;
    socket.uncork();
  };
  const gathered = (...args: unknown[]): unknown => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(leave);
    }
    return Reflect.apply(write, socket, args);
  };
  Reflect.set(socket, "write", gathered);
}
