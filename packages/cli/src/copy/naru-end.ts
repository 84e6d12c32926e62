/** A running Naru as an end of a copy: bytes go through its server, as those of everybody do. */

import { httpStore, NaruApi } from "@naru/client/node";
import { normalizePath } from "@naru/core";
import { UsageError } from "../exit-code.ts";
import { networkOf } from "../limited-network.ts";
import { remoteOf } from "../remote.ts";
import { remoteSide } from "../sync/remote-side.ts";
import type { CopyEnd } from "./copy-end.ts";
import { type EndOptions, prefixOf } from "./end-options.ts";

/** Open the folder that an address like `https://host/folder/` names. @throws {UsageError} */
export async function openNaru(name: string, env: NodeJS.ProcessEnv, options: EndOptions): Promise<CopyEnd> {
  const url = URL.parse(name);
  const path = url === null ? undefined : decodedPath(url);
  if (url === null || path === undefined || url.search !== "" || url.hash !== "") {
    throw new UsageError("Cannot use the address of a Naru: it is not of the form https://host/folder/");
  }
  const { origin, auth } = remoteOf({ ...env, NARU_URL: signedIn(url, env) });
  const network = networkOf(options.limit);
  const api = new NaruApi({ origin, auth, fetch: network.fetch });
  const folder = prefixOf(path);
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

function decodedPath({ pathname }: URL): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** Who is meant: as the address says, else as `NARU_URL` says of the same server. A token goes before both. */
function signedIn(url: URL, { NARU_URL }: NodeJS.ProcessEnv): string {
  const known = NARU_URL === undefined ? null : URL.parse(NARU_URL);
  return url.username === "" && known?.origin === url.origin ? known.href : url.href;
}
