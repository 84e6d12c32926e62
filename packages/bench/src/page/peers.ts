/** The page that peers of Naru run on: every peer takes the chosen files and tells the seconds it took. */

import { fetchLoop } from "./fetch-loop.ts";
import { libStorage, type PageStore } from "./lib-storage.ts";
import { sliceLoop } from "./slice-loop.ts";
import { tus } from "./tus.ts";
import { uppy } from "./uppy.ts";
import { uppy6 } from "./uppy6.ts";

type Peer = (files: readonly File[], prefix: string, store: PageStore) => Promise<void>;

const peers: Readonly<Record<string, Peer>> = { sliceLoop, uppy, uppy6, tus, libStorage };

/** Called by the benchmark through the DevTools protocol. */
async function race(name: string, prefix: string, store: PageStore): Promise<number> {
  const peer = peers[name];
  const files = [...(document.querySelector("input")?.files ?? [])];
  if (peer === undefined || files.length === 0)
    throw new Error(`Cannot run "${name}": no such peer, or no files chosen`);
  const start = performance.now();
  await peer(files, prefix, store);
  return (performance.now() - start) / 1000;
}

Object.assign(globalThis, { race, fetchLoop });
