import { TransferError, type WireSession } from "@naru/core";
import { Type } from "typebox";
import type { Account } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { Secrets } from "../accounts/secrets.ts";
import { callerIn, sessionCookie, setSession } from "./access.ts";
import { addressOf } from "./client-address.ts";
import type { App, Reply, Request } from "./fastify.ts";
import type { OwnOrigins } from "./own-origins.ts";
import { ok } from "./schemas.ts";
import type { StoreInfo } from "./store-info.ts";

export interface SessionRoutesOptions {
  readonly gate: Gate;
  readonly secrets: Secrets;
  readonly storeInfo: StoreInfo;
  readonly origins: OwnOrigins;
  readonly secureCookies: boolean;
}

const credentials = Type.Object(
  { user: Type.String({ maxLength: 100 }), password: Type.String({ maxLength: 1000 }) },
  { additionalProperties: false },
);
const probeQuery = Type.Object({ probe: Type.Optional(Type.Enum(["0", "1"])) }, { additionalProperties: false });
const linkQuery = Type.Object({ token: Type.String({ maxLength: 200 }) }, { additionalProperties: false });

/** Signing in and out. */
export function sessionRoutes(app: App, options: SessionRoutesOptions): void {
  const { gate, secrets, storeInfo, origins, secureCookies } = options;

  async function begin(account: Account, request: Request, reply: Reply): Promise<void> {
    const device = (request.headers["user-agent"] ?? "").slice(0, 200);
    const { secret, id } = await secrets.issue("session", account.name, device);
    setSession(reply, secret, { secure: secureCookies || origins.of(request).startsWith("https:") });
    request.log.info({ account: account.name, session: id }, "signed in");
  }

  async function tell(account: Account, request: Request, probe: boolean): Promise<WireSession> {
    const store = await storeInfo.for(probe ? origins.of(request) : undefined);
    return { user: account.name, admin: account.admin, store };
  }

  const signIn = { schema: { body: credentials, ...ok("WireSession") }, config: { open: true } };
  app.post("/api/session", signIn, async (request, reply) => {
    origins.refuseForgery(request);
    const { user, password } = request.body;
    const account = await gate.signIn(user.normalize("NFC"), password, addressOf(request));
    if (!account) {
      request.log.warn({ address: addressOf(request) }, "sign-in refused");
      throw new TransferError("unauthenticated", "Cannot sign in: the name or the password is wrong");
    }
    await begin(account, request, reply);
    return tell(account, request, true);
  });

  app.get("/api/session", { schema: { querystring: probeQuery, ...ok("WireSession") } }, async (request) =>
    tell(callerIn(request), request, request.query.probe !== "0"),
  );

  app.delete("/api/session", { schema: ok("", 204) }, async (request, reply) => {
    const { name, session } = callerIn(request);
    if (session !== undefined) await secrets.revoke("session", name, session);
    reply.clearCookie(sessionCookie, { path: "/" });
    return reply.code(204).send();
  });

  const link = { schema: { querystring: linkQuery, hide: true }, config: { open: true } };
  app.get("/sign-in", link, async (request, reply) => {
    const account = await secrets.consume(request.query.token);
    // A person opened it: the page says in words that the link was used or is too old.
    if (!account) return reply.redirect("/?link=expired", 303);
    await begin(account, request, reply);
    return reply.redirect("/", 303);
  });
}
