/** `naru-agent pair` and `unpair`: which servers' pages may hand files to this agent. */

import { fields, TransferError } from "@naru/core";
import type { ControlClient } from "../control/control-client.ts";
import { startedAgent } from "./running-agent.ts";

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
  const paired = new fields.Fields(await client.call({ command: "pair", origin: originIn(verb) }), "pair");
  console.log(`Paired with ${paired.read("origin", fields.text)} as ${paired.read("user", fields.text)}`);
}

/** Take an origin off the list: its pages may hand over nothing any more. @throws {TransferError} `not-found` */
export async function unpair(origin: string, { data }: PairOptions): Promise<void> {
  using client = await startedAgent(data);
  await client.call({ command: "unpair", origin: originIn(origin) });
}

/** Call `listener` with each code that the agent shows on this connection. */
export function onCode(client: ControlClient, listener: (shown: ShownCode) => void): void {
  client.onEvent((event) => {
    const from = new fields.Fields(event, "pairing");
    if (!from.has("pairing")) return;
    const code = from.read("code", fields.text).replace(/^(\d{3})(\d{3})$/, "$1-$2");
    listener({ origin: from.read("pairing", fields.text), code });
  });
}

async function list(client: ControlClient, { json }: PairOptions): Promise<void> {
  const facts = await client.call({ command: "pairings" });
  if (json) return console.log(JSON.stringify(facts));
  const from = new fields.Fields(facts, "pairings");
  const texts = (value: unknown, what: string, name: string): string =>
    new fields.Fields(value, what).read(name, fields.text);
  const line = (state: string, second: string) => (value: unknown, what: string) =>
    console.log(`${state.padEnd(8)} ${texts(value, what, "origin")}  ${texts(value, what, second)}`);
  from.read("pending", fields.list(line("waits", "code")));
  from.read("servers", fields.list(line("paired", "user")));
}

/** What a person copies from the address line, or says without https. */
function originIn(address: string): string {
  return URL.parse(address.includes("://") ? address : `https://${address}`)?.origin ?? address;
}
