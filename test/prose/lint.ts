import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { TextlintKernel, TextlintKernelDescriptor } from "@textlint/kernel";
import markdown from "@textlint/textlint-plugin-markdown";
import { lineLength, phrases, phrasesIn } from "./rules.ts";
import { stringsIn } from "./strings.ts";

/**
 * Lint prose: Markdown by textlint, with the project's list of words and a limit on lines; strings of the
 * packages' sources by the same list. `node test/prose/lint.ts [FILE...]`, by default everything in the repository.
 */
const named = process.argv.slice(2);
const files = named.length > 0 ? named : listed("*.md", "packages/*/src/**/*.ts");
let faults = 0;
for (const file of files) {
  const text = await readFile(file, "utf8");
  for (const fault of extname(file) === ".md" ? await pageFaults(file, text) : stringFaults(file, text)) {
    faults += 1;
    console.error(`${file}:${fault}`);
  }
}
if (faults > 0) console.error(`${faults} faults of prose. The list of words: test/prose/words.ts`);
process.exitCode = faults > 0 ? 1 : 0;

async function pageFaults(file: string, text: string): Promise<string[]> {
  const descriptor = new TextlintKernelDescriptor({
    filterRules: [],
    plugins: [{ pluginId: "markdown", plugin: markdown.default }],
    rules: [
      { ruleId: "phrases", rule: phrases },
      { ruleId: "line-length", rule: lineLength },
    ],
  });
  const options = { ...descriptor.toKernelOptions(), ext: ".md", filePath: file };
  const { messages } = await new TextlintKernel().lintText(text, options);
  return messages.map(({ loc, message }) => `${loc.start.line}:${loc.start.column} ${message}`);
}

function stringFaults(file: string, source: string): string[] {
  return stringsIn(file, source).flatMap(({ text, start }) => {
    const line = source.slice(0, start).split("\n").length;
    return [...phrasesIn(text)].map(({ message }) => `${line} ${message}`);
  });
}

function listed(...globs: string[]): string[] {
  const answer = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...globs], { encoding: "utf8" });
  return answer.split("\n").filter((file) => file !== "");
}
