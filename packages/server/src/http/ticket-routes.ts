import { decodeRedeem, decodeTicketWish, TransferError } from "@naru/core";
import { Type } from "typebox";
import type { Secrets } from "../accounts/secrets.ts";
import type { Pairings } from "../tickets/pairings.ts";
import type { Tickets } from "../tickets/tickets.ts";
import { callerIn } from "./access.ts";
import { addressOf } from "./client-address.ts";
import type { App } from "./fastify.ts";
import { ok } from "./schemas.ts";

export interface TicketRoutesOptions {
  readonly pairings: Pairings;
  readonly tickets: Tickets;
  readonly secrets: Secrets;
}

const code = Type.String({ pattern: "^[0-9]{6}$" });
const pairingBody = Type.Object(
  { device: Type.String({ minLength: 1, maxLength: 100 }) },
  { additionalProperties: false },
);
const confirmBody = Type.Object({ code }, { additionalProperties: false });
const claimBody = Type.Object({ code, secret: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
const idParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
/** The decoders look closer. */
const ticketBody = Type.Object({
  upload: Type.Optional(Type.String({ maxLength: 100 })),
  file: Type.Optional(Type.Object({})),
  folder: Type.Optional(Type.String()),
  route: Type.Optional(Type.String()),
});
const redeemBody = Type.Object({ ticket: Type.String({ maxLength: 100 }), file: Type.Optional(Type.Object({})) });

/** Desktop agents: how they become known, and what they get for a ticket. */
export function ticketRoutes(app: App, options: TicketRoutesOptions): void {
  pairingRoutes(app, options);
  agentRoutes(app, options);
  const { tickets } = options;

  app.post("/api/tickets", { schema: { body: ticketBody, ...ok("WireTicket", 201) } }, async (request, reply) => {
    const { name } = callerIn(request);
    return reply.code(201).send(await tickets.issue(decodeTicketWish(request.body), name));
  });

  app.post("/api/tickets/redeem", { schema: { body: redeemBody, ...ok("WireGrant") } }, async (request) => {
    const { name, agent } = callerIn(request);
    if (agent === undefined) throw new TransferError("forbidden", "Cannot redeem a ticket: only a paired agent may");
    const grant = await tickets.redeem(decodeRedeem(request.body), { account: name, agent });
    request.log.info({ by: name, agent, grant: grant.by }, "ticket redeemed");
    return grant;
  });
}

function pairingRoutes(app: App, { pairings }: TicketRoutesOptions): void {
  // Whoever has no name yet asks for one here: these two are open.
  const begin = { schema: { body: pairingBody, ...ok("WirePairing", 201) }, config: { open: true } };
  app.post("/api/pairings", begin, async (request, reply) => {
    return reply.code(201).send(await pairings.begin(request.body.device, addressOf(request)));
  });

  const claim = { schema: { body: claimBody, ...ok("WireClaim") }, config: { open: true } };
  app.post("/api/pairings/claim", claim, async (request) => {
    const answer = await pairings.claim(request.body.code, request.body.secret);
    if (answer.paired) request.log.info({ by: answer.user }, "agent paired");
    return answer;
  });

  app.post("/api/pairings/confirm", { schema: { body: confirmBody, ...ok("{device}") } }, async (request) =>
    pairings.confirm(request.body.code, callerIn(request).name),
  );
}

function agentRoutes(app: App, { secrets }: TicketRoutesOptions): void {
  app.get("/api/agents", { schema: ok("{agents}") }, async (request) => ({
    agents: await secrets.list("agent", callerIn(request).name),
  }));

  app.delete("/api/agents/:id", { schema: { params: idParams, ...ok("", 204) } }, async (request, reply) => {
    const { name } = callerIn(request);
    const gone = await secrets.revokeAgent(name, request.params.id);
    if (!gone) throw new TransferError("not-found", `Cannot revoke the agent "${request.params.id}": it is not yours`);
    request.log.info({ by: name, agent: request.params.id }, "agent revoked");
    return reply.code(204).send();
  });
}
