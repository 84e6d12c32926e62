import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentApi, NaruApi } from "@naru/client";
import type { Files, Store, TicketWish } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { type HttpDoor, httpDoor } from "@naru/server/testing";
import { type Agent, startAgent } from "../../src/agent.ts";
import { Page } from "./page.ts";

/** A server, an agent beside it, and pages of the server. */
export interface World extends AsyncDisposable {
  readonly door: HttpDoor;
  readonly store: Store & Files;
  readonly agent: Agent;
  readonly port: number;
  /** The server as its signed-in user. */
  readonly api: NaruApi;
  readonly tickets: AgentApi;
  page(origin?: string): Promise<Page>;
  /** A page of a server that the agent is paired with. */
  pairedPage(): Promise<Page>;
  ticket(wish: TicketWish): Promise<string>;
}

export interface WorldOptions {
  readonly allowed?: boolean;
  /** The person at the file dialog. */
  readonly pickFiles?: () => Promise<readonly string[]>;
}

export async function openWorld({ allowed = true, pickFiles }: WorldOptions = {}): Promise<World> {
  const store = memoryStore();
  const door = await httpDoor(store);
  const dataDir = await mkdtemp(join(tmpdir(), "naru-socket-"));
  const agent = await startAgent({
    dataDir,
    headless: true,
    log: () => undefined,
    pages: { ports: [0], allowedOrigins: allowed ? [door.origin] : [], pickFiles },
  });
  const port = agent.pages.port ?? 0;
  const auth = { kind: "basic", user: door.user, password: door.password } as const;
  const api = new NaruApi({ origin: door.origin, auth });
  const tickets = new AgentApi({ origin: door.origin, auth });
  const page = (origin = door.origin): Promise<Page> => Page.open(port, origin);
  return {
    door,
    store,
    agent,
    port,
    api,
    tickets,
    page,
    pairedPage: async () => {
      const opened = await page();
      if (agent.pages.servers.get(door.origin) === undefined) await pair(opened, tickets);
      return opened;
    },
    ticket: async (wish) => (await tickets.ticket(wish)).ticket,
    [Symbol.asyncDispose]: async () => {
      await agent.close();
      await door.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Pair as a person does: read the code off the page and confirm it there. */
export async function pair(page: Page, tickets: AgentApi): Promise<void> {
  const paired = page.call({ kind: "pair" });
  const said = await page.hear((message) => message.kind === "pairing");
  if (said.kind === "pairing") await tickets.confirmPairing(said.code);
  const answer = await paired;
  if (answer.kind !== "paired") throw new Error(JSON.stringify(answer));
}
