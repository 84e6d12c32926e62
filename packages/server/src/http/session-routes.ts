import { signIn, TransferError, type WireGateway, type WireSession, wireSession } from "@naru/core";
import { closed, oneOf, optional, text } from "@naru/core/schema";
import type { Account } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { Secrets } from "../accounts/secrets.ts";
import { callerIn, isWholeAccount, sessionCookie, setSession } from "./access.ts";
import { call } from "./call.ts";
import { addressOf } from "./client-address.ts";
import type { App, Reply, Request } from "./fastify.ts";
import type { OwnOrigins } from "./own-origins.ts";
import type { StoreInfo } from "./store-info.ts";

export interface SessionRoutesOptions {
  readonly gate: Gate;
  readonly secrets: Secrets;
  readonly storeInfo: StoreInfo;
  readonly origins: OwnOrigins;
  /** Where accounts reach the same files by other programs. */
  readonly gateways: () => readonly WireGateway[];
  readonly secureCookies: boolean;
}

const tag = "Sign-in";
const probeQuery = closed({
  probe: optional(oneOf(["0", "1"], "With `0`, the store is not asked whether it admits this page. Default `1`.")),
});
const linkQuery = closed({ token: text("Of the link.", { maxLength: 200 }) });
const redirect = { mediaType: "text/plain", description: "To the page." };

const calls = {
  signIn: call("signIn", "Sign in", {
    tag,
    description: "The answer sets the cookie `naru-session`.",
    body: signIn,
    answers: { 200: wireSession },
    fails: ["unauthenticated", "forbidden"],
  }),
  get: call("getSession", "Tell who calls, and what the store can do", {
    tag,
    query: probeQuery,
    answers: { 200: wireSession },
  }),
  signOut: call("signOut", "Sign out", { tag, answers: { 204: "nothing" } }),
  link: call("signInByLink", "Sign in by a link that is good once", {
    tag,
    description: "For a browser: it redirects to the page, signed in or with an error message.",
    query: linkQuery,
    answers: { 303: redirect },
  }),
};

/** Signing in and out. */
export function sessionRoutes(app: App, options: SessionRoutesOptions): void {
  const { gate, secrets, storeInfo, origins, gateways, secureCookies } = options;

  async function begin(account: Account, request: Request, reply: Reply): Promise<void> {
    const device = (request.headers["user-agent"] ?? "").slice(0, 200);
    const { secret, id } = await secrets.issue("session", account.name, device);
    setSession(reply, secret, { secure: secureCookies || origins.of(request).startsWith("https:") });
    request.log.info({ account: account.name, session: id }, "signed in");
  }

  async function describe(account: Account, request: Request, probe: boolean): Promise<WireSession> {
    const store = await storeInfo.for(probe ? origins.of(request) : undefined);
    // What guests send is counted file by file, as it is announced. Folders that have stores of their own are not theirs to know.
    const told = request.guest === undefined ? store : { ...store, batchMaxSize: 0, bins: undefined };
    const isWhole = request.caller === undefined || isWholeAccount(request.caller);
    return { user: account.name, admin: account.admin, store: told, gateways: isWhole ? gateways() : undefined };
  }

  const openSignIn = { schema: calls.signIn, config: { open: true } };
  app.post("/api/session", openSignIn, async (request, reply) => {
    origins.refuseForgery(request);
    const { user, password } = request.body;
    const account = await gate.signIn(user.normalize("NFC"), password, addressOf(request));
    if (!account) {
      request.log.warn({ address: addressOf(request) }, "sign-in refused");
      throw new TransferError("unauthenticated", "Cannot sign in: the name or the password is wrong");
    }
    await begin(account, request, reply);
    return describe(account, request, true);
  });

  const anyone = { callers: ["agent" as const, "upload" as const, "guest" as const] };
  app.get("/api/session", { schema: calls.get, config: anyone }, async (request) =>
    describe(callerIn(request), request, request.query.probe !== "0"),
  );

  app.delete("/api/session", { schema: calls.signOut }, async (request, reply) => {
    const { name, session } = callerIn(request);
    if (session !== undefined) await secrets.revoke("session", name, session);
    reply.clearCookie(sessionCookie, { path: "/" });
    return reply.code(204).send();
  });

  const link = { schema: calls.link, config: { open: true } };
  app.get("/sign-in", link, async (request, reply) => {
    const account = await secrets.consume(request.query.token);
    // A person opened it: the page says in words that the link was used or is too old.
    if (!account) return reply.redirect("/?link=expired", 303);
    await begin(account, request, reply);
    return reply.redirect("/", 303);
  });
}
