/** Opens an end of a copy by what names it: the URL of a store, or that of a running Naru. */

import { stat } from "node:fs/promises";
import { TransferError } from "@naru/core";
import { openStore } from "../open-store.ts";
import { readStoreUrl } from "../store-url.ts";
import type { CopyEnd } from "./copy-end.ts";
import type { EndOptions } from "./end-options.ts";
import { storeSide } from "./store-side.ts";

/** Open it. @throws {UsageError} for a name that is neither; {TransferError} `not-found` for a folder to read that is not there */
export async function openEnd(name: string, options: EndOptions): Promise<CopyEnd> {
  const env = envOf(options);
  if (!/^https?:/iu.test(name)) return openPlain(name, env, options);
  const { openNaru } = await import("./naru-end.ts");
  return openNaru(name, env, options);
}

async function openPlain(name: string, env: NodeJS.ProcessEnv, { role, prefix }: EndOptions): Promise<CopyEnd> {
  const address = readStoreUrl(name);
  if (role === "FROM" && "folder" in address && typeof address.folder === "string") await checkFolder(address.folder);
  const store = await openStore(name, { env, readOnly: role === "FROM" });
  return {
    name,
    prefix,
    store,
    side: storeSide(store, prefix),
    isOrdered: true,
    naru: undefined,
    [Symbol.asyncDispose]: async () => store.close?.(),
  };
}

async function checkFolder(folder: string): Promise<void> {
  const isThere = await stat(folder).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
  if (!isThere) throw new TransferError("not-found", `Cannot copy from "${folder}": there is no such folder`);
}

function envOf({ role, env }: EndOptions): NodeJS.ProcessEnv {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(`${role}_`) ? [[name.slice(role.length + 1), value] as const] : [],
  );
  return own.length === 0 ? env : { ...env, ...Object.fromEntries(own) };
}
