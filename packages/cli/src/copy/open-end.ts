/** Opens an end of a copy by what names it: the URL of a store, or that of a running Naru. */

import { realpath, stat } from "node:fs/promises";
import { TransferError } from "@naru/core";
import { openStore } from "../open-store.ts";
import { readStoreUrl } from "../store-url.ts";
import type { StoreAddress } from "../stores/store-scheme.ts";
import type { CopyEnd, EndPlace } from "./copy-end.ts";
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
    place: await placeOf(address, prefix),
    prefix,
    store,
    side: storeSide(store, prefix),
    isOrdered: true,
    naru: undefined,
    [Symbol.asyncDispose]: async () => store.close?.(),
  };
}

/** By what says which store it is; how it is asked, and where browsers reach it, does not. */
async function placeOf(address: StoreAddress, prefix: string): Promise<EndPlace> {
  const {
    kind,
    folder,
    bucket,
    container,
    endpoint,
    account,
    prefix: own = "",
  }: Readonly<Record<string, unknown>> = {
    ...address,
  };
  if (typeof folder === "string") {
    // One that is to be written is made with its first file.
    const real = await realpath(folder).catch(() => folder);
    return { root: "file:", path: `${real.replace(/\/$/u, "")}/${prefix}` };
  }
  return { root: JSON.stringify([kind, bucket ?? container, account, endpoint]), path: `${own}${prefix}` };
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
