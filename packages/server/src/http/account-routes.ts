import { TransferError } from "@naru/core";
import { Type } from "typebox";
import type { Accounts } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { Secrets } from "../accounts/secrets.ts";
import { adminIn, callerIn } from "./access.ts";
import { addressOf } from "./client-address.ts";
import type { App } from "./fastify.ts";
import { ok } from "./schemas.ts";

export interface AccountRoutesOptions {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly gate: Gate;
}

/** `Accounts` says what a name and a password may be. */
const password = Type.String({ maxLength: 1000 });
const idParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
const nameParams = Type.Object({ name: Type.String({ maxLength: 100 }) });
const tokenBody = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false });
const passwordBody = Type.Object(
  { old: Type.String({ maxLength: 1000 }), new: password },
  { additionalProperties: false },
);
const accountBody = Type.Object(
  {
    name: Type.String({ maxLength: 100 }),
    password,
    admin: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Sessions, tokens and the password of whoever calls; accounts for administrators. */
export function accountRoutes(app: App, options: AccountRoutesOptions): void {
  ownRoutes(app, options);
  adminRoutes(app, options);
}

function ownRoutes(app: App, { accounts, secrets, gate }: AccountRoutesOptions): void {
  app.get("/api/sessions", { schema: ok("{sessions}") }, async (request) => {
    const caller = callerIn(request);
    const sessions = await secrets.list("session", caller.name);
    return { sessions: sessions.map((one) => ({ ...one, current: one.id === caller.session })) };
  });

  app.delete("/api/sessions/:id", { schema: { params: idParams, ...ok("", 204) } }, async (request, reply) => {
    const gone = await secrets.revoke("session", callerIn(request).name, request.params.id);
    if (!gone)
      throw new TransferError("not-found", `Cannot revoke the session "${request.params.id}": it is not yours`);
    return reply.code(204).send();
  });

  app.post("/api/tokens", { schema: { body: tokenBody, ...ok("{id,name,token}", 201) } }, async (request, reply) => {
    const { name } = request.body;
    const { id, secret } = await secrets.issue("token", callerIn(request).name, name);
    request.log.info({ by: callerIn(request).name, id }, "token made");
    return reply.code(201).send({ id, name, token: secret });
  });

  app.get("/api/tokens", { schema: ok("{tokens}") }, async (request) => ({
    tokens: await secrets.list("token", callerIn(request).name),
  }));

  app.delete("/api/tokens/:id", { schema: { params: idParams, ...ok("", 204) } }, async (request, reply) => {
    const gone = await secrets.revoke("token", callerIn(request).name, request.params.id);
    if (!gone) throw new TransferError("not-found", `Cannot revoke the token "${request.params.id}": it is not yours`);
    return reply.code(204).send();
  });

  app.post("/api/password", { schema: { body: passwordBody, ...ok("", 204) } }, async (request, reply) => {
    const { name, session } = callerIn(request);
    if (!(await gate.signIn(name, request.body.old, addressOf(request)))) {
      throw new TransferError("forbidden", `Cannot change the password of "${name}": the old one is wrong`);
    }
    await accounts.setPassword(name, request.body.new);
    await secrets.revokeSessions(name, { except: session });
    gate.forget();
    request.log.info({ by: name }, "password changed");
    return reply.code(204).send();
  });
}

function adminRoutes(app: App, { accounts, gate }: AccountRoutesOptions): void {
  app.get("/api/accounts", { schema: ok("{accounts}") }, async (request) => {
    adminIn(request);
    return { accounts: await accounts.list() };
  });

  app.post("/api/accounts", { schema: { body: accountBody, ...ok("{name,admin}", 201) } }, async (request, reply) => {
    const { name: by } = adminIn(request);
    const { name, password: secret, admin = false } = request.body;
    const account = await accounts.create(name, secret, { admin });
    request.log.info({ by, account: account.name }, "account made");
    return reply.code(201).send(account);
  });

  app.delete("/api/accounts/:name", { schema: { params: nameParams, ...ok("", 204) } }, async (request, reply) => {
    const { name: by } = adminIn(request);
    await accounts.remove(request.params.name);
    gate.forget();
    request.log.info({ by, account: request.params.name }, "account removed");
    return reply.code(204).send();
  });
}
