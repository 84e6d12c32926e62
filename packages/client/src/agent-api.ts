/**
 * The server's calls about desktop agents: pairing one with an account, and tickets for single uploads. A page makes some
 * of them, an agent the others.
 *
 * @module
 */

import {
  type Abortable,
  decodeAgents,
  decodeClaim,
  decodeGrant,
  decodePairing,
  decodeTicket,
  type RedeemTicket,
  type TicketWish,
  type WireAgent,
  type WireClaim,
  type WireGrant,
  type WirePairing,
  type WireTicket,
} from "@naru/core";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** Pairings and tickets, as calls. */
export class AgentApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Ask, as an agent, to be paired. */
  async beginPairing(device: string, options: Abortable = {}): Promise<WirePairing> {
    return decodePairing(await this.#caller.json("POST", "/api/pairings", { ...options, json: { device } }));
  }

  /** Ask whether the code was confirmed. @throws {TransferError} `not-found` once its time is over */
  async claimPairing({ code, secret }: WirePairing, options: Abortable = {}): Promise<WireClaim> {
    return decodeClaim(await this.#caller.json("POST", "/api/pairings/claim", { ...options, json: { code, secret } }));
  }

  /** Confirm, as who is signed in, the code that an agent shows. */
  async confirmPairing(code: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("POST", "/api/pairings/confirm", { ...options, json: { code } });
  }

  /** List my paired agents. */
  async agents(options: Abortable = {}): Promise<readonly WireAgent[]> {
    return decodeAgents(await this.#caller.json("GET", "/api/agents", options));
  }

  /** Take an agent's right away, and what it was given with it. */
  async revokeAgent(id: string, options: Abortable = {}): Promise<void> {
    await this.#caller.json("DELETE", `/api/agents/${encodeURIComponent(id)}`, options);
  }

  /** Get a ticket for an agent of mine. */
  async ticket(wish: TicketWish, options: Abortable = {}): Promise<WireTicket> {
    return decodeTicket(await this.#caller.json("POST", "/api/tickets", { ...options, json: wish }));
  }

  /** Redeem a ticket, as a paired agent. */
  async redeem(ticket: RedeemTicket, options: Abortable = {}): Promise<WireGrant> {
    return decodeGrant(await this.#caller.json("POST", "/api/tickets/redeem", { ...options, json: ticket }));
  }
}
