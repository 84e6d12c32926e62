import { bodyError, chunksOf } from "../src/body.ts";
import type { Abortable, Body, Part } from "../src/store.ts";

/** How a body is read. `onProgress` hears the bytes read so far. */
export interface ReadBodyOptions extends Abortable {
  readonly onProgress?: ((read: number) => void) | undefined;
}

/**
 * Read the whole body of a part into memory.
 *
 * @throws {TransferError} `short-body` or `long-body` if it is not `part.size` bytes
 */
export async function readBody(
  part: Part,
  body: Body,
  { signal, onProgress }: ReadBodyOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(part.size);
  let length = 0;
  for await (const chunk of chunksOf(body, { signal, reuse: true })) {
    if (length + chunk.length > part.size) throw bodyError(part, "long-body");
    bytes.set(chunk, length);
    length += chunk.length;
    onProgress?.(length);
  }
  if (length < part.size) throw bodyError(part, "short-body");
  return bytes;
}
