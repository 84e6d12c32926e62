import { MiB } from "@naru/core";

/** What `crypto.getRandomValues` gives at once. */
const mostAtOnce = 65_536;

/** Make a file that nothing on the way makes smaller. It is handed to the browser in pieces: the page holds one. */
export async function randomFile(size: number, signal: AbortSignal): Promise<Blob> {
  const pieces: Blob[] = [];
  const piece = new Uint8Array(Math.min(size, 4 * MiB));
  for (let at = 0; at < size; at += piece.length) {
    const bytes = piece.subarray(0, Math.min(piece.length, size - at));
    for (let done = 0; done < bytes.length; done += mostAtOnce)
      crypto.getRandomValues(bytes.subarray(done, done + mostAtOnce));
    pieces.push(new Blob([bytes]));
    // Whoever wants to stop is heard.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
  return new Blob(pieces);
}
