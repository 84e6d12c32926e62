import type { Dictionary } from "../language/dictionary.ts";
import { applies, type Command } from "./commands.ts";
import type { Entry } from "./entry.ts";
import type { MenuItem } from "./entry-menu.ts";
import type { WithOperationWords } from "./operation-words.ts";

type Item = MenuItem & { readonly command: Command };

const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const ctrl = mac ? "⌘" : "Ctrl+";

const ofEntries: readonly (Omit<Item, "words"> & { readonly command: Exclude<Command, "new" | "bin"> })[] = [
  { command: "open", icon: "eye", keys: "Enter" },
  { command: "download", icon: "download" },
  { command: "share", icon: "share", line: true },
  { command: "request", icon: "inbox" },
  { command: "link", icon: "link" },
  { command: "cut", icon: "scissors", keys: `${ctrl}X`, line: true },
  { command: "clip", icon: "copy", keys: `${ctrl}C` },
  { command: "move", icon: "moveTo" },
  { command: "copy", icon: "copy" },
  { command: "rename", icon: "pencil", keys: "F2" },
  { command: "details", icon: "info", line: true },
  { command: "remove", icon: "trash", keys: mac ? "⌦" : "Delete", isRisky: true, line: true },
];

/** What a menu offers for these; for nothing, what can be done in the folder. */
export function menuItems(
  entries: readonly Entry[],
  { words, canPaste }: { readonly words: Dictionary & WithOperationWords; readonly canPaste: boolean },
): readonly Item[] {
  const { menu } = words.does;
  const paste: Item = { command: "paste", icon: "paste", words: menu.paste, keys: `${ctrl}V` };
  if (entries.length > 0) {
    return ofEntries
      .filter(({ command }) => applies(command, entries))
      .map((item) => ({ ...item, words: menu[item.command] }));
  }
  return [
    { command: "new", icon: "folderPlus", words: menu.newFolder },
    { command: "request", icon: "inbox", words: menu.request },
    ...(canPaste ? [paste] : []),
  ];
}
