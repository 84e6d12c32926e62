/** Code signing is the builder's own: a command that is told which file to sign. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

export interface Signing {
  /** A shell script that signs the file it is given; absent when nothing is signed. */
  readonly script: string | undefined;
  /** Sign a file in place. */
  sign(file: string): Promise<void>;
}

/** Make a signer of a shell command with `{file}` in it; without a command nothing is signed. */
export async function prepareSigning(command: string | undefined, work: string): Promise<Signing> {
  if (command === undefined) return { script: undefined, sign: async () => undefined };
  if (!command.includes("{file}")) throw new Error(`Cannot sign with "${command}": it does not say where {file} goes`);
  const script = join(work, "sign.sh");
  await writeFile(script, `set -e\n${command.replaceAll("{file}", () => '"$1"')}\n`);
  return {
    script,
    sign: async (file) => {
      await run("sh", [script, file]);
    },
  };
}
