import {
  accountList,
  changePassword,
  createAccount,
  createToken,
  newToken,
  sessionList,
  TransferError,
  tokenList,
  wireAccount,
} from "@naru/core";
import { closed, text } from "@naru/core/schema";
import type { Accounts } from "../accounts/accounts.ts";
import type { Gate } from "../accounts/gate.ts";
import type { Secrets } from "../accounts/secrets.ts";
import { adminIn, callerIn } from "./access.ts";
import { call } from "./call.ts";
import { addressOf } from "./client-address.ts";
import type { App } from "./fastify.ts";

export interface AccountRoutesOptions {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly gate: Gate;
}

const tag = "Accounts";
const sessionParams = closed({ id: text("The session.", { maxLength: 100 }) });
const tokenParams = closed({ id: text("The token.", { maxLength: 100 }) });
const nameParams = closed({ name: text("The account.", { maxLength: 100 }) });

const calls = {
  sessions: call("listSessions", "List where I am signed in", { tag, answers: { 200: sessionList } }),
  endSession: call("endSession", "Revoke one of my sessions", {
    tag,
    params: sessionParams,
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
  endOtherSessions: call("endOtherSessions", "Revoke all of my sessions but the one that asks", {
    tag,
    answers: { 204: "nothing" },
  }),
  createToken: call("createToken", "Make an API token; its secret is shown once", {
    tag,
    body: createToken,
    answers: { 201: newToken },
  }),
  tokens: call("listTokens", "List my API tokens", { tag, answers: { 200: tokenList } }),
  revokeToken: call("revokeToken", "Revoke one of my API tokens", {
    tag,
    params: tokenParams,
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
  changePassword: call("changePassword", "Change my password", {
    tag,
    body: changePassword,
    answers: { 204: "nothing" },
  }),
  list: call("listAccounts", "List all accounts; for administrators", { tag, answers: { 200: accountList } }),
  create: call("createAccount", "Make an account; for administrators", {
    tag,
    body: createAccount,
    answers: { 201: wireAccount },
    fails: ["conflict"],
  }),
  remove: call("removeAccount", "Remove an account; for administrators", {
    tag,
    params: nameParams,
    answers: { 204: "nothing" },
    fails: ["not-found", "conflict"],
  }),
};

/** Sessions, tokens and the password of whoever calls; accounts for administrators. */
export function accountRoutes(app: App, options: AccountRoutesOptions): void {
  ownRoutes(app, options);
  adminRoutes(app, options);
}

function ownRoutes(app: App, { accounts, secrets, gate }: AccountRoutesOptions): void {
  app.get("/api/sessions", { schema: calls.sessions }, async (request) => {
    const caller = callerIn(request);
    const sessions = await secrets.list("session", caller.name);
    return { sessions: sessions.map((one) => ({ ...one, current: one.id === caller.session })) };
  });

  app.delete("/api/sessions/:id", { schema: calls.endSession }, async (request, reply) => {
    const gone = await secrets.revoke("session", callerIn(request).name, request.params.id);
    if (!gone)
      throw new TransferError("not-found", `Cannot revoke the session "${request.params.id}": it is not yours`);
    return reply.code(204).send();
  });

  app.delete("/api/sessions", { schema: calls.endOtherSessions }, async (request, reply) => {
    const { name, session } = callerIn(request);
    await secrets.revokeSessions(name, { except: session });
    request.log.info({ by: name }, "other sessions revoked");
    return reply.code(204).send();
  });

  app.post("/api/tokens", { schema: calls.createToken }, async (request, reply) => {
    const { name } = request.body;
    const { id, secret } = await secrets.issue("token", callerIn(request).name, name);
    request.log.info({ by: callerIn(request).name, id }, "token made");
    return reply.code(201).send({ id, name, token: secret });
  });

  app.get("/api/tokens", { schema: calls.tokens }, async (request) => ({
    tokens: await secrets.list("token", callerIn(request).name),
  }));

  app.delete("/api/tokens/:id", { schema: calls.revokeToken }, async (request, reply) => {
    const gone = await secrets.revoke("token", callerIn(request).name, request.params.id);
    if (!gone) throw new TransferError("not-found", `Cannot revoke the token "${request.params.id}": it is not yours`);
    return reply.code(204).send();
  });

  app.post("/api/password", { schema: calls.changePassword }, async (request, reply) => {
    const { name, session } = callerIn(request);
    if (!(await gate.signIn(name, request.body.old, addressOf(request)))) {
      throw new TransferError("forbidden", `Cannot change the password of "${name}": the old one is wrong`);
    }
    await accounts.setPassword(name, request.body.new);
    await secrets.revokeSessions(name, { except: session });
    request.log.info({ by: name }, "password changed");
    return reply.code(204).send();
  });
}

function adminRoutes(app: App, { accounts }: AccountRoutesOptions): void {
  app.get("/api/accounts", { schema: calls.list }, async (request) => {
    adminIn(request);
    return { accounts: await accounts.list() };
  });

  app.post("/api/accounts", { schema: calls.create }, async (request, reply) => {
    const { name: by } = adminIn(request);
    const { name, password: secret, admin = false } = request.body;
    const account = await accounts.create(name, secret, { admin });
    request.log.info({ by, account: account.name }, "account made");
    return reply.code(201).send(account);
  });

  app.delete("/api/accounts/:name", { schema: calls.remove }, async (request, reply) => {
    const { name: by } = adminIn(request);
    await accounts.remove(request.params.name);
    request.log.info({ by, account: request.params.name }, "account removed");
    return reply.code(204).send();
  });
}
