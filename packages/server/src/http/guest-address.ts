/**
 * Addresses of links: `/s/{token}` is a page; below it the calls of the API are made as its guest. The token is taken off
 * the address before the request is routed, so that neither routes nor what they log ever see it.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";

/** Where a link's page is. */
export const guestPath = "/s/";

const tokens = new WeakMap<IncomingMessage, string>();
const below = /^\/s\/([A-Za-z0-9_-]{20,100})\/(?:((?:api\/.*|livez))|((?:files|archive)(?:[/?].*)?))$/u;

/** The address that a request is routed by. */
export function routedAddress(request: IncomingMessage): string {
  const { url = "/" } = request;
  const [, token, call, file] = below.exec(url) ?? [];
  if (token === undefined) return url;
  tokens.set(request, token);
  // Files have an address that people may keep.
  return call === undefined ? `/api/${file}` : `/${call}`;
}

/** The link that a request came by. */
export function tokenOf(request: IncomingMessage): string | undefined {
  return tokens.get(request);
}
