import type { IconName } from "../icons.ts";
import type { Entry } from "./entry.ts";

/** What can be done with files and folders. */
export type Command =
  | "open"
  | "download"
  | "share"
  | "request"
  | "move"
  | "copy"
  | "rename"
  | "remove"
  | "cut"
  | "clip"
  | "paste"
  | "details"
  | "link"
  | "new"
  | "bin";

/** A command of the toolbar that stands there while something is chosen. */
export type BarCommand = Extract<Command, "download" | "share" | "move" | "copy" | "rename" | "remove">;

/** The commands of the toolbar, and their icons. */
export const barCommands: readonly { readonly command: BarCommand; readonly icon: IconName }[] = [
  { command: "download", icon: "download" },
  { command: "share", icon: "share" },
  { command: "move", icon: "moveTo" },
  { command: "copy", icon: "copy" },
  { command: "rename", icon: "pencil" },
  { command: "remove", icon: "trash" },
];

/** What the folder of a store does not bear: where it is stands in the server's settings. */
const ofMovable: ReadonlySet<Command> = new Set(["move", "rename", "remove", "cut"]);

const ofOne: ReadonlySet<Command> = new Set(["open", "share", "rename", "details", "link"]);

/** Whether these bear a command: the folder of a store stays where it is. */
export function bears(command: Command, entries: readonly Entry[]): boolean {
  return !ofMovable.has(command) || entries.every(({ mount }) => mount === undefined);
}

/** Whether a command can be done with these, all at once. */
export function applies(command: Command, entries: readonly Entry[]): boolean {
  if (!bears(command, entries)) return false;
  if (command === "request") return entries.length === 1 && entries[0]?.kind === "folder";
  return ofOne.has(command) ? entries.length === 1 : entries.length > 0;
}
