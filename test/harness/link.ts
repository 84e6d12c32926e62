import { NaruApi, ShareApi } from "@naru/client";
import type { CreateShare } from "@naru/core";
import { admin } from "./naru-server.ts";

const auth = { kind: "basic", ...admin } as const;

/** Make a link as admin: its address, and its id in its owner's calls. */
export async function makeLink(
  origin: string,
  wish: CreateShare,
): Promise<{ readonly url: string; readonly id: string }> {
  const { token, id } = await new ShareApi({ origin, auth }).create(wish);
  return { url: `${origin}/s/${token}`, id };
}

/** The calls of the owner of links. */
export function ownerOf(origin: string): { readonly shares: ShareApi; readonly api: NaruApi } {
  return { shares: new ShareApi({ origin, auth }), api: new NaruApi({ origin, auth }) };
}
