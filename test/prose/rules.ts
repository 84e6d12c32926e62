import type { TextlintRuleReporter } from "@textlint/types";
import { words } from "./words.ts";

/** Longest line of prose in Markdown. Tables, code and lines with an address may be longer. */
const longest = 160;

/** Report each phrase of the project's list, wherever a page says it in prose. */
export const phrases: TextlintRuleReporter = ({ Syntax, RuleError, report, locator }) => ({
  [Syntax.Str](node): void {
    for (const { at, length, message } of phrasesIn(node.value)) {
      report(node, new RuleError(message, { padding: locator.range([at, at + length]) }));
    }
  },
});

/** Report lines of a paragraph or list that are too long to read or to compare. */
export const lineLength: TextlintRuleReporter = ({ Syntax, RuleError, report, getSource, locator }) => ({
  [Syntax.Paragraph](node): void {
    if (node.parent?.type === Syntax.TableCell) return;
    let at = 0;
    for (const line of getSource(node).split("\n")) {
      if (line.length > longest && !/https?:|\]\(/.test(line)) {
        const message = `a line of ${line.length} characters; break it before ${longest}`;
        report(node, new RuleError(message, { padding: locator.range([at, at + line.length]) }));
      }
      at += line.length + 1;
    }
  },
});

/** Find the phrases of the list in `text`. */
export function* phrasesIn(text: string): Iterable<{ at: number; length: number; message: string }> {
  for (const { avoid, say } of words) {
    for (const match of text.matchAll(new RegExp(avoid.source, `${avoid.flags}g`))) {
      yield {
        at: match.index,
        length: match[0].length,
        message: `"${match[0].trim().replaceAll(/\s+/g, " ")}": write ${say}`,
      };
    }
  }
}
