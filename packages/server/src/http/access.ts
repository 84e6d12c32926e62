import { TransferError } from "@naru/core";
import type { Caller, Gate } from "../accounts/gate.ts";
import type { App, Reply, Request } from "./fastify.ts";

export const sessionCookie: string = "naru-session";

/** Let nobody pass without a name, unless the route is open. */
export function guardRoutes(app: App, gate: Gate): void {
  app.addHook("onRequest", async (request) => {
    if (request.routeOptions.config.open === true) return;
    const caller = await callerOf(request, gate);
    // What does not exist is no secret for those who may enter; strangers learn nothing.
    if (!caller) {
      const call = `${request.method} ${request.routeOptions.url ?? ""}`.trim();
      throw new TransferError("unauthenticated", `Cannot call "${call}": sign in first`);
    }
    if (caller.by === "session") refuseForgery(request);
    refuseOutsideScope(caller, request);
    request.caller = caller;
  });
}

const uploadPath = "/api/uploads/:id";
/** What callers with a narrow right may call; to them everything else is closed. */
const scopes: Readonly<Partial<Record<Caller["by"], ReadonlySet<string>>>> = {
  agent: new Set(["GET /api/session", "POST /api/tickets/redeem"]),
  upload: new Set([
    "GET /api/session",
    `GET ${uploadPath}`,
    `DELETE ${uploadPath}`,
    `POST ${uploadPath}/resume`,
    `POST ${uploadPath}/parts`,
    `POST ${uploadPath}/complete`,
    `PUT ${uploadPath}/parts/:number`,
  ]),
};

function refuseOutsideScope(caller: Caller, { method, routeOptions, params }: Request): void {
  const scope = scopes[caller.by];
  if (scope === undefined) return;
  const url = routeOptions.url ?? "";
  const listed = scope.has(`${method} ${url}`);
  const own = !url.startsWith(uploadPath) || idIn(params) === caller.upload?.id;
  if (!listed || !own) throw new TransferError("forbidden", "Cannot call this: the token is for something else");
}

function idIn(params: unknown): unknown {
  return typeof params === "object" && params !== null && "id" in params ? params.id : undefined;
}

/** The caller, whom `guardRoutes` has let in. */
export function callerIn({ caller }: Request): Caller {
  if (caller) return caller;
  throw new TransferError("unauthenticated", "Cannot call this: sign in first");
}

/** @throws {TransferError} `forbidden` for everyone but administrators */
export function adminIn(request: Request): Caller {
  const caller = callerIn(request);
  if (caller.admin) return caller;
  throw new TransferError("forbidden", "Cannot manage accounts: only an administrator may");
}

/** Put a session into the browser. */
export function setSession(reply: Reply, secret: string, { secure }: { readonly secure: boolean }): void {
  const maxAge = 30 * 24 * 60 * 60;
  reply.setCookie(sessionCookie, secret, { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge });
}

/** The origin that the caller sees this server at. */
export function originOf({ protocol, host }: Request): string {
  return `${protocol}://${host}`;
}

/** @throws {TransferError} `forbidden` for a call that changes something and comes from another site */
export function refuseForgery(request: Request): void {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  const { origin, "sec-fetch-site": site } = request.headers;
  const same =
    origin === undefined ? site === undefined || site === "same-origin" || site === "none" : sameHost(request, origin);
  if (!same) throw new TransferError("forbidden", "Cannot take the call: it comes from another site");
}

/** A proxy in front may have ended TLS, so the scheme is not compared; the host is. */
function sameHost({ host }: Request, origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
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
  return colon < 0 ? undefined : gate.byBasic(text.slice(0, colon), text.slice(colon + 1), request.ip);
}
