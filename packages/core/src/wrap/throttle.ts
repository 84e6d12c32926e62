/**
 * A store that is not used faster than it may be.
 *
 * @module
 */

import type { Abortable, Body, Store } from "../store.ts";
import { KiB } from "../units.ts";
import type { PaceOptions } from "./pace.ts";
import { pace } from "./pace.ts";
import { wrapStore } from "./wrap-store.ts";

const sliceBytes = 64 * KiB;

/** Make a throttle that holds the bodies of all stores that it is put around to one speed together. */
export function throttle({ clock, bytesPerSecond }: PaceOptions): (store: Store) => Store {
  const pass = pace({ clock, bytesPerSecond });
  const throttled = (body: Body, options: Abortable): Body =>
    bytesPerSecond() === undefined
      ? body
      : { size: body.size, stream: () => body.stream().pipeThrough(slowly((bytes) => pass(bytes, options))) };
  return (store) =>
    wrapStore(store, {
      upload: (inner) => ({ put: (part, body, options = {}) => inner.put(part, throttled(body, options), options) }),
      putFile: (inner) => {
        const putFile = inner.putFile?.bind(inner);
        return putFile && ((spec, body, options = {}) => putFile(spec, throttled(body, options), options));
      },
    });
}

function slowly(
  pass: (bytes: number) => Promise<void>,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    async transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += sliceBytes) {
        const slice = chunk.subarray(at, at + sliceBytes);
        await pass(slice.length);
        controller.enqueue(slice);
      }
    },
  });
}
