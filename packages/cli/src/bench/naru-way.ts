/** The ways of `naru put` and `naru get`: straight to the store, and through the server. */

import { downloadFile, NaruApi, openDigester, openNetwork } from "@naru/client/node";
import type { WireSession } from "@naru/core";
import { eachAtOnce } from "../each-at-once.ts";
import type { ProgressView } from "../progress.ts";
import { sendAll } from "../put.ts";
import { putContext } from "../put-context.ts";
import type { Remote } from "../remote.ts";
import type { BenchWay } from "./bench-way.ts";

const partsAtOnce = 32;

export function naruWay(way: "direct" | "proxy", remote: Remote, session: WireSession): BenchWay {
  return {
    way,
    async send(files, folder, { parallel, onBytes, signal = new AbortController().signal }) {
      await using network = openNetwork();
      await using digester = openDigester();
      const api = new NaruApi({ ...remote, fetch: network.fetch });
      const wish = { route: way, conflict: "overwrite", concurrency: partsAtOnce, remote } as const;
      const parts = { api, network, digester, session, mine: [], progress: counting(onBytes), signal };
      const context = { ...putContext(parts, wish), filesAtOnce: parallel };
      const failures = await sendAll(
        context,
        files.map((file) => ({ ...file, path: folder + file.path })),
        ({ bytesSent, size }) => {
          // Small files go many in a request, which tells of none of them before.
          if (size <= session.store.batchMaxSize && files.length > 1 && way === "proxy") onBytes(bytesSent);
        },
      );
      signal.throwIfAborted();
      const [failure] = failures;
      if (failure !== undefined) throw failure;
    },
    async fetch(files, { parallel, onBytes, signal }) {
      await using network = openNetwork();
      const api = new NaruApi({ ...remote, fetch: network.fetch });
      await eachAtOnce(files, parallel, async ({ path, to }) => {
        let before = 0;
        await downloadFile({
          api,
          network,
          path,
          to,
          route: way,
          signal,
          onProgress: ({ confirmed, inFlight }) => {
            onBytes(Math.max(0, confirmed + inFlight - before));
            before = Math.max(before, confirmed + inFlight);
          },
        });
      });
    },
  };
}

/** Nothing is shown: what is sent is only counted. */
function counting(onBytes: (bytes: number) => void): ProgressView {
  const nothing = (): void => undefined;
  return {
    live: false,
    file: () => {
      let before = 0;
      return {
        update: (_, { sent }) => {
          onBytes(sent - before);
          before = sent;
        },
        [Symbol.dispose]: nothing,
      };
    },
    expect: nothing,
    count: nothing,
    say: nothing,
    close: nothing,
  };
}
