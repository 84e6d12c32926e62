/** The ways of the page's own transfers: their parts, hash worker and connections, and the browser's own files for downloads. */

import { Fetch, TransferError, toStoredFile } from "@naru/core";
import { systemClock } from "../../clock.ts";
import { ReadAddress } from "../../read-address.ts";
import { upload } from "../../upload.ts";
import { partOf } from "../downloads/disk.ts";
import { downloadAddress } from "../downloads/download-address.ts";
import { fetchGet } from "../downloads/fetch-get.ts";
import { openOpfsSink } from "../downloads/opfs-sink.ts";
import { type Route, routeFor } from "../route.ts";
import { sharedBudget } from "../shared-budget.ts";
import { xhrSend } from "../xhr-send.ts";
import type { CarryOptions, PageWay, PageWays } from "./page-way.ts";

const fileName = "naru-bench";

/** Make the way of transfers that go straight to the store, or through the server. */
export function engineWay(way: "direct" | "proxy", ways: PageWays & { readonly isKeeping: boolean }): PageWay {
  const { api, hashes, store, uploads, isKeeping } = ways;
  const { connections }: Route = way === ways.route.kind ? ways.route : routeFor(store, false);
  return {
    way,
    async send(file, path, { signal, onBytes }) {
      let before = 0;
      const sent = await upload(file, {
        api,
        path,
        store,
        signal,
        send: xhrSend,
        route: way,
        digest: (body, options) => hashes.digest(body, options),
        budget: sharedBudget(connections),
        maxConcurrency: connections,
        onUpload: async ({ id }) => uploads.begun(id),
        onProgress: ({ bytesSent }) => {
          onBytes(bytesSent - before);
          before = bytesSent;
        },
      });
      if (sent.progress.id !== undefined) uploads.ended(sent.progress.id);
    },
    fetch: isKeeping ? fetchFile : undefined,
    async finish() {
      await uploads.abort();
      if (!isKeeping) return;
      const folder = await navigator.storage.getDirectory();
      for (const name of [fileName, partOf(fileName)]) await folder.removeEntry(name).catch(() => undefined);
    },
  };

  async function fetchFile(path: string, { signal, onBytes }: CarryOptions): Promise<void> {
    const address =
      way === "direct"
        ? await downloadAddress(api, path, { signal })
        : await ReadAddress.of({ api, get: fetchGet, path, direct: false }, { signal });
    if (address.route !== way)
      throw new TransferError("unsupported", `Cannot fetch "${path}": the store does not admit this page`);
    const { size } = address.file;
    await using sink = await openOpfsSink(await navigator.storage.getDirectory(), fileName, size);
    let before = 0;
    const read = async (...[range, options]: Parameters<ReadAddress["read"]>) =>
      (await address.read(range, options)).body;
    const fetch = new Fetch({ file: toStoredFile(address.file), read }, sink, {
      clock: systemClock,
      random: Math.random,
      budget: sharedBudget(connections),
      maxConcurrency: connections,
      probe: (options) => api.alive(options),
      onProgress: ({ bytesReceived }) => {
        onBytes(bytesReceived - before);
        before = bytesReceived;
      },
    });
    await fetch.run({ signal });
  }
}

/** Tell whether the browser gives this worker files of its own, written in place. */
export async function keepsFiles(): Promise<boolean> {
  const folder = await navigator.storage?.getDirectory().catch(() => undefined);
  return folder !== undefined && "createSyncAccessHandle" in FileSystemFileHandle.prototype;
}
