import type { Writable } from "node:stream";

/**
 * Have what is written to a socket in one turn leave with one call to the system. ssh2 writes the length, the contents and the
 * tag of each packet apart: without delay (`TCP_NODELAY`) they would be three segments, for each of which the client wakes up.
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
