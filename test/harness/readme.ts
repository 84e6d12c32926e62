/** A README read as its reader does: commands and files, in their order. */

import { readFile } from "node:fs/promises";

export interface CodeBlock {
  readonly kind: "sh" | "js" | "html";
  /** Where the text says that it is to be saved. */
  readonly file?: string | undefined;
  readonly text: string;
}

/** Find the blocks of code in a README. */
export async function codeBlocks(readme: string): Promise<readonly CodeBlock[]> {
  const text = await readFile(readme, "utf8");
  const blocks = text.matchAll(/([^\n]*)\n\n?```(sh|js|html)\n(.*?)```/gs);
  return [...blocks].map(([, before = "", kind, code = ""]) => {
    if (kind === "sh") return { kind, text: code };
    const file = /`([\w/.-]+\.\w+)`[^`]*$/.exec(before)?.[1];
    if (file === undefined) throw new Error(`Nobody says where this goes:\n${code}`);
    return { kind: kind === "js" ? "js" : "html", file, text: code };
  });
}

/** The commands of a block, without what is said of them. */
export function commandsIn({ text }: CodeBlock): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/\s{2,}# .*$/u, "").trimEnd())
    .filter((line) => line !== "");
}
