import type { MadeShare } from "@naru/core";
import { Client } from "./client.ts";

/** Make a link, as its owner. */
export async function makeLink(owner: Client, wish: object): Promise<MadeShare> {
  const answer = await owner.json("POST", "/api/shares", wish);
  if (answer.status !== 201) throw new Error(await answer.text());
  return (await answer.json()) as MadeShare;
}

/** Somebody who has opened a link; paths of calls are below it. */
export function guestOf(origin: string, token: string, headers: Record<string, string> = {}): Client {
  return new Client(`${origin}/s/${token}`, headers);
}

/** Enter by a link; the calls of who is returned have the cookie. */
export async function enter(origin: string, token: string, typed: object = {}): Promise<Client> {
  const answer = await guestOf(origin, token).json("POST", "/api/guest", typed);
  if (answer.status !== 200) throw new Error(await answer.text());
  const cookie = answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  return guestOf(origin, token, { cookie });
}
