/** The messages of the control socket: a request a line, an answer a line with the same id; `watch` adds events. */

import { type Decoded, decoder } from "@naru/core";
import { choice, list, object, oneOf, only, optional, text, whole } from "@naru/core/schema";
import { changeOf, type Settings, settingsChange } from "../settings.ts";

/** Commands about one transfer, or `all`. */
export const transferVerbs = ["pause", "resume", "cancel", "retry", "remove"] as const;
export type TransferVerb = (typeof transferVerbs)[number];

const transfer = text("The beginning of a transfer's id, or `all`.");
const origin = text("Of a server and its pages.");
const code = text("What a pairing shows.");

const send = object({
  command: only("send"),
  files: list(
    object({ file: text("On this computer."), path: optional(text("At the destination.")) }),
    "What to send.",
  ),
  to: text("The destination's URL."),
  hostKey: optional(text("`SHA256:...`, of an SFTP server.")),
  privateKey: optional(text("The file of a private key.")),
  token: optional(text("Of a Naru server.")),
});
export type SendCommand = Decoded<typeof send>;

const move = object({ command: only("move"), transfer, place: whole("In the queue, from 0.") });
const settings = object({ command: only("settings"), change: optional(settingsChange) });
const plain = object({ command: oneOf(["list", "status", "watch", "show", "window", "quit"], "Without more words.") });
const verb = object({ command: oneOf(transferVerbs, "What to do."), transfer });

const link = object({ command: only("link"), link: text("`naru://...`") });
/** The file for the link that was opened on the same connection. */
const choose = object({ command: only("choose"), file: text("On this computer.") });
const pairings = object({ command: only("pairings") });
const pair = object({ command: oneOf(["pair", "unpair"], "What to do."), origin });
const allow = object({ command: oneOf(["allow", "refuse"], "What to do."), code });
const pageCommand = choice("command", [link, choose, pairings, pair, allow]);
/** Commands about links and paired servers. */
export type PageCommand = Decoded<typeof pageCommand>;

const command = choice("command", [send, move, settings, plain, verb, link, choose, pairings, pair, allow]);
type DecodedCommand = Decoded<typeof command>;
/** A command. The settings that it takes away are `undefined`. */
export type ControlCommand =
  | Exclude<DecodedCommand, { readonly command: "settings" }>
  | { readonly command: "settings"; readonly change: Partial<Settings> };

export interface ControlRequest {
  readonly id: number;
  readonly body: ControlCommand;
}

const readId = decoder(object({ id: whole("Of the request.") }));
const readCommand = decoder(command);

/** Read a request. @throws {TransferError} `invalid` */
export function decodeRequest(value: unknown): ControlRequest {
  const { id } = readId(value, "request");
  const body = readCommand(value, "request");
  if (body.command !== "settings") return { id, body };
  return { id, body: { command: "settings", change: changeOf(body.change ?? {}) } };
}

export interface AgentStatus {
  readonly pid: number;
  readonly dataDir: string;
  /** Where pages reach it; absent when other programs hold all ports. */
  readonly port?: number | undefined;
  readonly transfers: number;
  readonly unfinished: number;
  readonly spool: { readonly folder: string; readonly held: number; readonly limit: number };
}
