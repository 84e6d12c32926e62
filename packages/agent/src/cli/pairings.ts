/** `naru-agent pair` and `unpair`: which servers' pages may hand files to this agent. */

import { decoder, TransferError } from "@naru/core";
import { list as listOf, object, optional, text } from "@naru/core/schema";
import type { ControlClient } from "../control/control-client.ts";
import { startedAgent } from "./running-agent.ts";

const [origin, user, code] = [text("Of the server."), text("The account."), text("Six digits.")];
const readPaired = decoder(object({ origin, user }));
const readShown = decoder(object({ pairing: optional(origin), code: optional(code) }));
const readPairings = decoder(
  object({
    pending: listOf(object({ origin, code }), "Not answered."),
    servers: listOf(object({ origin, user }), "Paired."),
  }),
);

export interface PairOptions {
  readonly data: string;
  readonly json?: boolean | undefined;
}

export interface ShownCode {
  readonly origin: string;
  /** As it is shown: 481-205. */
  readonly code: string;
}

/**
 * List pairings (`list`), answer one by its code (`allow CODE`, `refuse CODE`), or pair with a server by its address,
 * where the code is then typed. @throws {TransferError}
 */
export async function pair(verb: string, code: string | undefined, options: PairOptions): Promise<void> {
  using client = await startedAgent(options.data);
  // Awaited here: the connection ends with this call.
  if (verb === "list") return await list(client, options);
  if (verb === "allow" || verb === "refuse") {
    if (code === undefined) throw new TransferError("invalid", `Cannot ${verb} a pairing: its code is missing`);
    await client.call({ command: verb, code });
    return;
  }
  onCode(client, (shown) => console.log(`Type ${shown.code} at ${shown.origin}`));
  const paired = readPaired(await client.call({ command: "pair", origin: originIn(verb) }), "pair");
  console.log(`Paired with ${paired.origin} as ${paired.user}`);
}

/** Take an origin off the list: its pages may hand over nothing any more. @throws {TransferError} `not-found` */
export async function unpair(origin: string, { data }: PairOptions): Promise<void> {
  using client = await startedAgent(data);
  await client.call({ command: "unpair", origin: originIn(origin) });
}

/** Call `listener` with each code that the agent shows on this connection. */
export function onCode(client: ControlClient, listener: (shown: ShownCode) => void): void {
  client.onEvent((event) => {
    const { pairing: origin, code = "" } = readShown(event, "pairing");
    if (origin !== undefined) listener({ origin, code: code.replace(/^(\d{3})(\d{3})$/, "$1-$2") });
  });
}

async function list(client: ControlClient, { json }: PairOptions): Promise<void> {
  const facts = await client.call({ command: "pairings" });
  if (json) return console.log(JSON.stringify(facts));
  const { pending, servers } = readPairings(facts, "pairings");
  for (const { origin, code } of pending) console.log(`waits    ${origin}  ${code}`);
  for (const { origin, user } of servers) console.log(`paired   ${origin}  ${user}`);
}

/** What a person copies from the address line, or says without https. */
function originIn(address: string): string {
  return URL.parse(address.includes("://") ? address : `https://${address}`)?.origin ?? address;
}
