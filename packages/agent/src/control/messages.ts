/** What is said on the control socket: a request a line, an answer a line with the same id; `watch` adds events. */

import { fields } from "@naru/core";
import { decodeSettings, type Settings } from "../settings.ts";

const { count, Fields, list, oneOf, text } = fields;

/** Commands about one transfer, or `all`. */
export const transferVerbs = ["pause", "resume", "cancel", "retry", "remove"] as const;

export type TransferVerb = (typeof transferVerbs)[number];

export interface SendCommand {
  readonly command: "send";
  readonly files: readonly { readonly file: string; readonly path?: string | undefined }[];
  readonly to: string;
  readonly hostKey?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly token?: string | undefined;
}

export type ControlCommand =
  | SendCommand
  | { readonly command: TransferVerb; readonly id: string }
  | { readonly command: "move"; readonly id: string; readonly place: number }
  | { readonly command: "settings"; readonly change: Partial<Settings> }
  | PageCommand
  | { readonly command: "list" | "status" | "watch" | "show" | "window" | "quit" };

/** Commands about links and paired servers. */
export type PageCommand =
  | { readonly command: "link"; readonly link: string }
  /** The file for the link that was opened on the same connection. */
  | { readonly command: "choose"; readonly file: string }
  | { readonly command: "pairings" }
  | { readonly command: "pair" | "unpair"; readonly origin: string }
  | { readonly command: "allow" | "refuse"; readonly code: string };

export interface ControlRequest {
  readonly id: number;
  readonly body: ControlCommand;
}

const plain = ["list", "status", "watch", "show", "window", "quit"] as const;
const pageCommands = ["link", "choose", "pairings", "pair", "unpair", "allow", "refuse"] as const;
const commands = ["send", "move", "settings", ...plain, ...transferVerbs, ...pageCommands] as const;

/** Read a request. @throws {TransferError} `invalid` */
export function decodeRequest(value: unknown): ControlRequest {
  const from = new Fields(value, "request");
  return { id: from.read("id", count), body: decodeCommand(from) };
}

function decodeCommand(from: InstanceType<typeof Fields>): ControlCommand {
  const command = from.read("command", oneOf(commands));
  switch (command) {
    case "send":
      return {
        command,
        files: from.read("files", list(decodeFile)),
        to: from.read("to", text),
        hostKey: from.maybe("hostKey", text),
        privateKey: from.maybe("privateKey", text),
        token: from.maybe("token", text),
      };
    case "move":
      return { command, id: from.read("transfer", text), place: from.read("place", count) };
    case "settings":
      return { command, change: from.maybe("change", decodeSettings) ?? {} };
    case "pause":
    case "resume":
    case "cancel":
    case "retry":
    case "remove":
      return { command, id: from.read("transfer", text) };
    case "link":
      return { command, link: from.read("link", text) };
    case "choose":
      return { command, file: from.read("file", text) };
    case "pair":
    case "unpair":
      return { command, origin: from.read("origin", text) };
    case "allow":
    case "refuse":
      return { command, code: from.read("code", text) };
    default:
      return { command };
  }
}

function decodeFile(value: unknown, what: string): { file: string; path?: string | undefined } {
  const from = new Fields(value, what);
  return { file: from.read("file", text), path: from.maybe("path", text) };
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
