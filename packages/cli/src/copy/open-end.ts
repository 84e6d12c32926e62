/** Opens an end of a copy by what names it: the URL of a store, or that of a running Naru. */

import { stat } from "node:fs/promises";
import { httpStore, NaruApi } from "@naru/client/node";
import { normalizePath, TransferError } from "@naru/core";
import { UsageError } from "../exit-code.ts";
import { openStore } from "../open-store.ts";
import { remoteOf } from "../remote.ts";
import { networkOf, type SpeedLimit } from "../speed-limit.ts";
import { readStoreUrl } from "../store-url.ts";
import { remoteSide } from "../sync/remote-side.ts";
import type { CopyEnd } from "./copy-end.ts";
import { storeSide } from "./store-side.ts";

export interface EndOptions {
  /** `FROM_X` and `TO_X` are `X` for one end only: two clouds have two keys. */
  readonly role: "FROM" | "TO";
  /** Only below this: empty, or with a final `/`. */
  readonly prefix: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limit: SpeedLimit;
  readonly signal: AbortSignal;
}

/** Open it. @throws {UsageError} for a name that is neither; {TransferError} `not-found` for a folder to read that is not there */
export async function openEnd(name: string, options: EndOptions): Promise<CopyEnd> {
  const env = envOf(options);
  return /^https?:/iu.test(name) ? openNaru(name, env, options) : openPlain(name, env, options);
}

/** Read what `--prefix` says. */
export function prefixOf(text: string): string {
  const path = text.replaceAll(/^\/+|\/+$/gu, "");
  return path === "" ? "" : `${path}/`;
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

async function openNaru(name: string, env: NodeJS.ProcessEnv, options: EndOptions): Promise<CopyEnd> {
  const url = URL.parse(name);
  if (url === null || url.search !== "" || url.hash !== "") {
    throw new UsageError("Cannot use the address of a Naru: it is not of the form https://host/folder/");
  }
  const { origin, auth } = remoteOf({ ...env, NARU_URL: signedIn(url, env) });
  const network = networkOf(options.limit);
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const folder = prefixOf(decodeURIComponent(url.pathname));
  const prefix = `${folder === "" ? "" : `${normalizePath(folder.slice(0, -1))}/`}${options.prefix}`;
  const { store } = await api.session({ probe: false, signal: options.signal });
  return {
    name: `${origin}/${folder}`,
    prefix,
    store: httpStore(api, { send: network.send, limits: store.limits, conflict: "overwrite" }),
    side: remoteSide(api, prefix),
    isOrdered: false,
    naru: { api, network, batchMaxSize: store.batchMaxSize },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** Who is meant: as the address says, else as `NARU_URL` says of the same server. A token goes before both. */
function signedIn(url: URL, { NARU_URL }: NodeJS.ProcessEnv): string {
  const known = NARU_URL === undefined ? null : URL.parse(NARU_URL);
  return url.username === "" && known?.origin === url.origin ? known.href : url.href;
}

function envOf({ role, env }: EndOptions): NodeJS.ProcessEnv {
  const own = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(`${role}_`) ? [[name.slice(role.length + 1), value] as const] : [],
  );
  return own.length === 0 ? env : { ...env, ...Object.fromEntries(own) };
}
