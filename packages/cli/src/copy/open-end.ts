/** Opens an end of a copy by what names it: the URL of a store, or that of a running Naru. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Abortable, TransferError } from "@naru/core";
import { openStore } from "../open-store.ts";
import { readStoreUrl } from "../store-url.ts";
import type { CopyEnd } from "./copy-end.ts";
import type { EndOptions } from "./end-options.ts";
import { storeSide } from "./store-side.ts";
import { symbolicLinksIn } from "./symbolic-links.ts";

/** Open it. @throws {UsageError} for a name that is neither; {TransferError} `not-found` for a folder to read that is not there */
export async function openEnd(name: string, options: EndOptions): Promise<CopyEnd> {
  const env = envOf(options);
  if (!/^https?:/iu.test(name)) return openPlain(name, env, options);
  const { openNaru } = await import("./naru-end.ts");
  return openNaru(name, env, options);
}

async function openPlain(
  name: string,
  env: NodeJS.ProcessEnv,
  { role, prefix, dryRun = false }: EndOptions,
): Promise<CopyEnd> {
  const address = readStoreUrl(name);
  const folder = "folder" in address && typeof address.folder === "string" ? address.folder : undefined;
  if (role === "FROM" && folder !== undefined) await checkFolder(folder);
  // A dry run makes no folder: one that is not there is as good as an empty one.
  const isMissing = dryRun && folder !== undefined && !(await isThere(folder));
  const empty = isMissing ? await mkdtemp(join(tmpdir(), "naru-copy-")) : undefined;
  const url = empty === undefined ? name : `file:${empty}`;
  const store = await openStore(url, { env, readOnly: role === "FROM" || dryRun });
  return {
    name,
    prefix,
    store,
    side: storeSide(store, prefix),
    isOrdered: true,
    naru: undefined,
    ...(folder !== undefined && { links: (how: Abortable) => symbolicLinksIn(folder, prefix, how) }),
    [Symbol.asyncDispose]: async () => {
      await store.close?.();
      if (empty !== undefined) await rm(empty, { recursive: true, force: true });
    },
  };
}

async function checkFolder(folder: string): Promise<void> {
  const facts = await stat(folder).catch(() => undefined);
  if (!facts?.isDirectory())
    throw new TransferError("not-found", `Cannot copy from "${folder}": there is no such folder`);
}

function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

function envOf({ role, env }: EndOptions): NodeJS.ProcessEnv {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(`${role}_`) ? [[name.slice(role.length + 1), value] as const] : [],
  );
  return own.length === 0 ? env : { ...env, ...Object.fromEntries(own) };
}
