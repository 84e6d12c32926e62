import { createHash, randomBytes } from "node:crypto";
import {
  type CreateUpload,
  decodeTicketWish,
  type RedeemTicket,
  type TicketRoute,
  type TicketWish,
  TransferError,
  type WireGateway,
  type WireGrant,
  type WireTicket,
} from "@naru/core";
import type { Secrets } from "../accounts/secrets.ts";
import { scopeName, type UploadScope } from "../accounts/upload-scope.ts";
import type { Database } from "../database/database.ts";
import type { OpenedDoor } from "../door.ts";
import type { Uploads } from "../uploads/uploads.ts";
import { gatewaysIn } from "./gateways.ts";

export interface TicketsOptions {
  readonly secrets: Secrets;
  readonly uploads: Uploads;
  /** The gateways that this server runs, if any. */
  readonly gateways: () => readonly OpenedDoor[];
  /** How agents send new files when the page does not say. */
  readonly route?: TicketRoute | undefined;
  readonly now: () => number;
}

/** The paired agent that redeems. */
export interface Redeemer {
  readonly account: string;
  readonly agent: string;
}

interface NewTicket {
  readonly account: string;
  /** The only agent that may redeem it. */
  readonly agent?: string | undefined;
  readonly lifeMs: number;
}

/** By what a route sends, best first. */
const gatewaysOf: Readonly<Record<TicketRoute, readonly WireGateway["kind"][]>> = {
  auto: [],
  direct: [],
  proxy: [],
  sftp: ["sftp"],
  ftp: ["ftps", "ftp"],
};
const lifeMs = 60_000;
/** A person who chooses a file takes their time. */
const choiceLifeMs = 60 * 60_000;
const maxIssued = 10_000;

/**
 * Single-use tickets: a page gets one and hands it to its agent, which redeems it here, as itself, for credentials that are
 * good for one upload. Nothing in the ticket is secret once it was redeemed.
 */
export class Tickets {
  readonly #options: TicketsOptions;
  readonly #db: Database;

  constructor(db: Database, options: TicketsOptions) {
    this.#db = db;
    this.#options = options;
  }

  /** Issue one. @throws {TransferError} what looking at the upload throws, if it is for one */
  async issue(wish: TicketWish, account: string): Promise<WireTicket> {
    if ("upload" in wish) await this.#options.uploads.get(wish.upload, { owner: account });
    return this.#put(wish, { account, lifeMs });
  }

  /** Redeem one; it is void from now on. @throws {TransferError} `forbidden` for one that is void, too old or another's */
  async redeem({ ticket, file }: RedeemTicket, { account, agent }: Redeemer): Promise<WireGrant> {
    const hash = digest(ticket);
    // Of two who redeem it at once one gets it, whichever processes they ask.
    const issued = await this.#db.deleteFrom("tickets").where("hash", "=", hash).returningAll().executeTakeFirst();
    const good = issued !== undefined && issued.expires > this.#options.now() && issued.account === account;
    if (!good || (issued.agent !== null && issued.agent !== agent)) {
      throw new TransferError("forbidden", "Cannot redeem the ticket: it was used, is too old or is not this agent's");
    }
    const wish = decodeTicketWish(JSON.parse(issued.wish));
    const route = wish.route === undefined || wish.route === "auto" ? this.#options.route : wish.route;
    const by = { account, agent };
    if ("upload" in wish) return this.#grantUpload(wish.upload, route, by);
    if ("file" in wish) return this.#grantFile(wish.file, route, by);
    if (file !== undefined) return this.#grantFile({ ...file, path: wish.folder + file.path }, route, by);
    const next = await this.#put(wish, { account, agent, lifeMs: choiceLifeMs });
    return { by: "choice", user: account, folder: wish.folder, ticket: next.ticket };
  }

  async #grantFile(file: CreateUpload, route: TicketRoute | undefined, by: Redeemer): Promise<WireGrant> {
    const gateway = this.#gatewayFor(route);
    if (gateway) {
      const token = await this.#token({ path: file.path }, by);
      return { by: "gateway", user: by.account, token, path: file.path, gateway };
    }
    const { id } = await this.#options.uploads.create(file, { owner: by.account });
    return this.#grantUpload(id, route, by);
  }

  async #grantUpload(id: string, route: TicketRoute = "auto", { account, agent }: Redeemer): Promise<WireGrant> {
    // The lease is not taken here: the agent takes it when it begins, and whoever sent before learns it then.
    const upload = await this.#options.uploads.get(id, { owner: account });
    const token = await this.#token({ id, path: upload.path }, { account, agent });
    // An upload that was begun over HTTP has its parts there; a gateway cannot go on with it.
    return {
      by: "http",
      user: account,
      token,
      upload,
      route: route === "direct" || route === "proxy" ? route : "auto",
    };
  }

  async #token(scope: UploadScope, { account, agent }: Redeemer): Promise<string> {
    return (await this.#options.secrets.issue("upload", account, scopeName(scope), { agent })).secret;
  }

  #gatewayFor(route: TicketRoute | undefined): WireGateway | undefined {
    const kinds = gatewaysOf[route ?? "auto"];
    if (kinds.length === 0) return undefined;
    const opened = gatewaysIn(this.#options.gateways());
    for (const kind of kinds) {
      const gateway = opened.find((one) => one.kind === kind);
      if (gateway) return gateway;
    }
    throw new TransferError("unsupported", `Cannot send by ${route}: this server has no such gateway`);
  }

  async #put(wish: TicketWish, { account, agent, lifeMs }: NewTicket): Promise<WireTicket> {
    const now = this.#options.now();
    await this.#db.deleteFrom("tickets").where("expires", "<=", now).execute();
    const { count } = await this.#db
      .selectFrom("tickets")
      .select((of) => of.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    if (count >= maxIssued) throw new TransferError("throttled", "Cannot issue a ticket: too many wait");
    const ticket = randomBytes(24).toString("base64url");
    const expires = now + lifeMs;
    const row = { hash: digest(ticket), wish: JSON.stringify(wish), account, agent: agent ?? null, expires };
    await this.#db.insertInto("tickets").values(row).execute();
    return { ticket, expires: new Date(expires).toISOString() };
  }
}

function digest(ticket: string): string {
  return createHash("sha256").update(ticket).digest("base64url");
}
