/** A program of its own: prints how often the whole heap was collected while buffers were made, unnoted and noted. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { KiB, MiB } from "@naru/core";
import { fullCollections } from "../../../test/harness/full-collections.ts";
import { noteGarbage } from "../src/young-garbage.ts";

const size = 512 * MiB;

async function makeBuffers(note: (bytes: number) => void): Promise<void> {
  for (let made = 0; made < size; made += 256 * KiB) {
    note(Buffer.allocUnsafeSlow(256 * KiB).length);
    await nextTurn();
  }
}

const unnoted = await fullCollections(() => makeBuffers(() => undefined));
console.log(JSON.stringify([unnoted, await fullCollections(() => makeBuffers(noteGarbage))]));
