/** Where a download is read: straight from the store where its CORS admits the page, else through the server. */

import { isTransferError } from "@naru/core";
import type { NaruApi } from "../../api.ts";
import { ReadAddress } from "../../read-address.ts";
import { fetchGet } from "./fetch-get.ts";

const probeTimeoutMs = 5000;

/** Find the address of a file. @throws {TransferError} `not-found` */
export async function downloadAddress(
  api: NaruApi,
  path: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<ReadAddress> {
  const ask = { api, get: fetchGet, path };
  const address = await ReadAddress.of({ ...ask, direct: true }, { signal });
  if (address.route === "proxy" || address.file.size === 0) return address;
  try {
    // That uploads are admitted says nothing of reads with If-Match, nor of https: pages and http: stores.
    const limit = AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]);
    (await address.read({ start: 0, end: 1 }, { signal: limit })).discard();
    return address;
  } catch (error) {
    signal.throwIfAborted();
    if (isTransferError(error) && error.code === "conflict") throw error;
    return ReadAddress.of({ ...ask, direct: false }, { signal });
  }
}
