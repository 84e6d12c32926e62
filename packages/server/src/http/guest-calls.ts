import { TransferError } from "@naru/core";
import type { GuestCall, GuestGate } from "../shares/guest-gate.ts";
import { addressOf } from "./client-address.ts";
import type { Request } from "./fastify.ts";
import { tokenOf } from "./guest-address.ts";

export const guestCookie: string = "naru-guest";

/** Who calls by a link. @throws {TransferError} `not-found` when the link does not work; `unauthenticated` before they entered */
export function guestCallOf(request: Request, token: string, gate: GuestGate): Promise<GuestCall> {
  return gate.call(token, {
    secret: request.cookies[guestCookie],
    password: passwordIn(request),
    address: addressOf(request),
  });
}

/** The guest, whom `guardRoutes` has let in. */
export function guestIn({ guest }: Request): GuestCall {
  if (guest) return guest;
  throw new TransferError("not-found", "Cannot call this: it is not below a link");
}

/** The token of the link that a call was made by. */
export function linkIn({ raw }: Request): string {
  const token = tokenOf(raw);
  if (token !== undefined) return token;
  throw new TransferError("not-found", "Cannot call this: it is not below a link");
}

/** Programs without cookies give the link's password as one of HTTP, under any name. */
function passwordIn({ headers }: Request): string | undefined {
  const [scheme = "", value = ""] = (headers.authorization ?? "").split(/ +/u, 2);
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : text.slice(colon + 1);
}
