/** `naru put`, `get`, ... as their own processes. */

import { admin } from "./naru-server.ts";
import { Program } from "./program.ts";

const naruProgram: string = new URL("../../packages/cli/bin/naru.js", import.meta.url).pathname;

/** The line that `--json` prints for one file. */
export interface FileLine {
  readonly path: string;
  readonly size: number;
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  readonly checksum: string;
  readonly route: string;
}

/** Start a `naru` command against the server at `origin`, as the administrator unless the URL names someone. */
export function startNaru(
  origin: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Program {
  const url = new URL(origin);
  if (url.username === "") {
    url.username = admin.user;
    url.password = admin.password;
  }
  const env = { NARU_URL: url.href, HOME: cwd, XDG_STATE_HOME: `${cwd}/state`, ...more };
  return new Program(process.execPath, [naruProgram, ...args], { cwd, env });
}

/** Run a `naru` command to its end. @throws when it fails */
export async function naru(origin: string, args: readonly string[], cwd: string): Promise<Program> {
  const program = startNaru(origin, args, cwd);
  const code = await program.exited;
  if (code !== 0) throw new Error(`naru ${args.join(" ")} ended with ${code}:\n${program.output}`);
  return program;
}

/** Read the last line that `--json` printed. */
export function fileLine(program: Program): FileLine {
  const line = program.stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(line) as FileLine;
}
