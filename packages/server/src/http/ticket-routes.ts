import {
  agentList,
  claimRequest,
  confirmPairing,
  decodeTicketWish,
  pairedDevice,
  pairingRequest,
  redeemTicket,
  TransferError,
  ticketWish,
  wireClaim,
  wireGrant,
  wirePairing,
  wireTicket,
} from "@naru/core";
import { closed, text } from "@naru/core/schema";
import type { Secrets } from "../accounts/secrets.ts";
import type { Pairings } from "../tickets/pairings.ts";
import type { Tickets } from "../tickets/tickets.ts";
import { callerIn } from "./access.ts";
import { call, readBy } from "./call.ts";
import { addressOf } from "./client-address.ts";
import type { App } from "./fastify.ts";

export interface TicketRoutesOptions {
  readonly pairings: Pairings;
  readonly tickets: Tickets;
  readonly secrets: Secrets;
}

const tag = "Agents";
const idParams = closed({ id: text("The agent.", { maxLength: 100 }) });

const calls = {
  issue: call("createTicket", "Make a ticket for an agent of mine, good once for 60 s", {
    tag,
    body: readBy(ticketWish, decodeTicketWish),
    answers: { 201: wireTicket },
    fails: ["not-found", "conflict", "too-large", "no-space", "unsupported"],
  }),
  redeem: call("redeemTicket", "Redeem a ticket; for a paired agent", {
    tag,
    body: redeemTicket,
    answers: { 200: wireGrant },
    fails: ["not-found", "conflict", "expired", "too-large", "no-space", "unsupported"],
  }),
  begin: call("beginPairing", "Ask to be paired; for an agent that is not", {
    tag,
    body: pairingRequest,
    answers: { 201: wirePairing },
  }),
  claim: call("claimPairing", "Ask whether the pairing is confirmed; for the agent that began it", {
    tag,
    body: claimRequest,
    answers: { 200: wireClaim },
    fails: ["not-found"],
  }),
  confirm: call("confirmPairing", "Pair the agent that shows a code with my account", {
    tag,
    body: confirmPairing,
    answers: { 200: pairedDevice },
    fails: ["not-found"],
  }),
  list: call("listAgents", "List my agents", { tag, answers: { 200: agentList } }),
  revoke: call("revokeAgent", "Revoke an agent, with all it was given", {
    tag,
    params: idParams,
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
};

/** Desktop agents: how they become known, and what they get for a ticket. */
export function ticketRoutes(app: App, options: TicketRoutesOptions): void {
  pairingRoutes(app, options);
  agentRoutes(app, options);
  const { tickets } = options;

  app.post("/api/tickets", { schema: calls.issue }, async (request, reply) => {
    const { name } = callerIn(request);
    return reply.code(201).send(await tickets.issue(request.body, name));
  });

  const agents = { callers: ["agent" as const] };
  app.post("/api/tickets/redeem", { schema: calls.redeem, config: agents }, async (request) => {
    const { name, agent } = callerIn(request);
    if (agent === undefined) throw new TransferError("forbidden", "Cannot redeem a ticket: only a paired agent may");
    const grant = await tickets.redeem(request.body, { account: name, agent });
    request.log.info({ by: name, agent, grant: grant.by }, "ticket redeemed");
    return grant;
  });
}

function pairingRoutes(app: App, { pairings }: TicketRoutesOptions): void {
  // Whoever has no name yet asks for one here: these two are open.
  const begin = { schema: calls.begin, config: { open: true } };
  app.post("/api/pairings", begin, async (request, reply) => {
    return reply.code(201).send(await pairings.begin(request.body.device, addressOf(request)));
  });

  const claim = { schema: calls.claim, config: { open: true } };
  app.post("/api/pairings/claim", claim, async (request) => {
    const answer = await pairings.claim(request.body.code, request.body.secret);
    if (answer.paired) request.log.info({ by: answer.user }, "agent paired");
    return answer;
  });

  app.post("/api/pairings/confirm", { schema: calls.confirm }, async (request) =>
    pairings.confirm(request.body.code, callerIn(request).name),
  );
}

function agentRoutes(app: App, { secrets }: TicketRoutesOptions): void {
  app.get("/api/agents", { schema: calls.list }, async (request) => ({
    agents: await secrets.list("agent", callerIn(request).name),
  }));

  app.delete("/api/agents/:id", { schema: calls.revoke }, async (request, reply) => {
    const { name } = callerIn(request);
    const gone = await secrets.revokeAgent(name, request.params.id);
    if (!gone) throw new TransferError("not-found", `Cannot revoke the agent "${request.params.id}": it is not yours`);
    request.log.info({ by: name, agent: request.params.id }, "agent revoked");
    return reply.code(204).send();
  });
}
