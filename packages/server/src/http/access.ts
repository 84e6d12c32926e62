import { TransferError, type WireError } from "@naru/core";
import type { Caller, Gate } from "../accounts/gate.ts";
import type { Caller as Changer } from "../catalogue/file-events.ts";
import type { GuestGate } from "../shares/guest-gate.ts";
import { addressOf } from "./client-address.ts";
import type { App, Reply, Request } from "./fastify.ts";
import { tokenOf } from "./guest-address.ts";
import { guestCallOf } from "./guest-calls.ts";
import type { OwnOrigins } from "./own-origins.ts";

export const sessionCookie: string = "naru-session";

export interface GuardOptions {
  readonly origins: OwnOrigins;
  readonly guests: GuestGate;
}

/** Let nobody pass without a name, unless the route is open. */
export function guardRoutes(app: App, gate: Gate, { origins, guests }: GuardOptions): void {
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.open === true) return;
    // Who comes by a link is its guest and nobody else, whatever other cookies the browser has.
    const link = tokenOf(request.raw);
    if (link !== undefined) request.guest = await guestCallOf(request, link, guests);
    const caller = request.guest?.caller ?? (await callerOf(request, gate));
    // What does not exist is no secret for those who may enter; strangers learn nothing.
    if (!caller) {
      const call = `${request.method} ${request.routeOptions.url ?? ""}`.trim();
      throw new TransferError("unauthenticated", `Cannot call "${call}": sign in first`);
    }
    if (caller.by === "session" || request.guest?.byCookie === true) origins.refuseForgery(request);
    refuseOutsideScope(caller, request);
    request.caller = caller;
  });
}

/** Sessions, tokens and passwords stand for the whole account; others call what names them, and ask rights there. */
export function isWholeAccount({ by }: Caller): boolean {
  return by === "session" || by === "token" || by === "basic";
}

function refuseOutsideScope(caller: Caller, { routeOptions }: Request): void {
  if (isWholeAccount(caller) || routeOptions.config.callers?.includes(caller.by)) return;
  throw new TransferError("forbidden", "Cannot call this: the token does not allow it");
}

/** The caller, whom `guardRoutes` has let in. */
export function callerIn({ caller }: Request): Caller {
  if (caller) return caller;
  throw new TransferError("unauthenticated", "Cannot call this: sign in first");
}

/** The account that calls, for the catalogue. */
export function byIn(request: Request): Changer {
  return { account: callerIn(request).name, door: request.guest === undefined ? "http" : "link" };
}

/** @throws {TransferError} `forbidden` for everyone but administrators */
export function adminIn(request: Request): Caller {
  const caller = callerIn(request);
  if (caller.admin) return caller;
  throw new TransferError("forbidden", "Cannot do that: only an administrator may");
}

/** Put a session into the browser. */
export function setSession(reply: Reply, secret: string, { secure }: { readonly secure: boolean }): void {
  const maxAge = 30 * 24 * 60 * 60;
  reply.setCookie(sessionCookie, secret, { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge });
}

/** Whether a caller whose request lasts might still call: its session, token or password may have ended meanwhile. */
export async function mayStillCall(request: Request, gate: Gate): Promise<boolean> {
  const { session, token } = callerIn(request);
  const id = session ?? token;
  return id === undefined ? (await callerOf(request, gate)) !== undefined : gate.isGood(id);
}

async function callerOf(request: Request, gate: Gate): Promise<Caller | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return byHeader(authorization, request, gate);
  const secret = request.cookies[sessionCookie];
  return secret === undefined ? undefined : gate.bySession(secret);
}

async function byHeader(authorization: string, request: Request, gate: Gate): Promise<Caller | undefined> {
  const [scheme = "", value = ""] = authorization.split(/ +/, 2);
  if (scheme.toLowerCase() === "bearer") return gate.byToken(value);
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const caller = await gate.byBasic(text.slice(0, colon).normalize("NFC"), text.slice(colon + 1), addressOf(request));
  if (!caller) request.log.warn({ address: addressOf(request) }, "sign-in refused");
  return caller;
}

/** A failure as its caller may hear of it: guests do not hear where what they see lies. */
export function seenBy({ guest }: Request, wire: WireError): WireError {
  const root = guest?.caller.root ?? "";
  return root === "" ? wire : { ...wire, message: wire.message.replaceAll(root, "") };
}
