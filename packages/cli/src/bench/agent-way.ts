/** The way of the desktop agent that runs on this computer: it is given the files, and sends them by itself. */

import { readFileSync } from "node:fs";
import { ControlClient, controlPath, dataFolder, readViews, statusOf, untilEnded } from "@naru/agent/control";
import { TransferError } from "@naru/core";
import type { Remote } from "../remote.ts";
import type { BenchWay } from "./bench-way.ts";

/** Find the agent of this user; `undefined` when none runs. */
export async function agentWay(remote: Remote, env: NodeJS.ProcessEnv): Promise<(BenchWay & Disposable) | undefined> {
  const client = await ControlClient.connect(controlPath(dataFolder(env)));
  if (client === undefined) return undefined;
  const { pid } = statusOf(await client.call({ command: "status" }));
  return {
    way: "agent",
    async send(files, folder, { onBytes, signal }) {
      const named = files.map(({ file, path }) => ({ file, path }));
      const to = `${addressOf(remote)}/${folder.split("/").map(encodeURIComponent).join("/")}`;
      const token = remote.auth.kind === "bearer" ? remote.auth.token : undefined;
      const views = readViews(await client.call({ command: "send", files: named, to, token }));
      const ids = views.map(({ id }) => id);
      const cancel = (): void => {
        for (const transfer of ids) void client.call({ command: "cancel", transfer }).catch(() => undefined);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        const before = new Map<string, number>();
        await untilEnded(client, new Set(ids), ({ id, confirmed }) => {
          onBytes(Math.max(0, confirmed - (before.get(id) ?? 0)));
          before.set(id, confirmed);
        });
      } finally {
        signal?.removeEventListener("abort", cancel);
        for (const transfer of ids) await client.call({ command: "remove", transfer }).catch(() => undefined);
      }
      signal?.throwIfAborted();
    },
    cpuElsewhere: () => cpuOf(pid),
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

/** With the password, as the agent takes it. */
function addressOf({ origin, auth }: Remote): string {
  if (auth.kind === "bearer") return origin;
  if (auth.kind !== "basic")
    throw new TransferError("unauthenticated", "Cannot tell the agent who signs in: set NARU_TOKEN");
  const url = new URL(origin);
  url.username = encodeURIComponent(auth.user);
  url.password = encodeURIComponent(auth.password);
  return url.href.replace(/\/$/u, "");
}

/** Where the system tells of another process: Linux, in hundredths of a second. */
function cpuOf(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/su, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
