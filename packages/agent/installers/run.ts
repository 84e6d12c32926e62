/** Programs of the build: started, waited for, and believed only when they end well. */

import { spawn } from "node:child_process";
import { once } from "node:events";

interface RunOptions {
  readonly cwd?: string;
}

/** Run a program to its end at low priority; what it printed is told only when it fails. */
export async function run(program: string, args: readonly string[], { cwd }: RunOptions = {}): Promise<string> {
  const place = cwd === undefined ? {} : { cwd };
  const child = spawn("nice", ["-n", "10", program, ...args], { ...place, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code, signal]: unknown[] = await once(child, "close");
  if (code !== 0) throw new Error(`Cannot run "${program}": it ended with ${code ?? signal}\n${output}`);
  return output;
}
