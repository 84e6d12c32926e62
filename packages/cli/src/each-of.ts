import type { Abortable } from "@naru/core";
import { exitCodeOf } from "./exit-code.ts";
import { explain } from "./explain.ts";

export interface EachOptions extends Abortable {
  /** Writes a line for people; to standard error by default. */
  readonly say?: ((text: string) => void) | undefined;
}

/** Do something for each path, until the signal aborts. One that fails does not stop the others; the first failure sets the exit code. */
export async function eachOf(
  paths: readonly string[],
  work: (path: string) => Promise<void>,
  { signal, say = (text) => console.error(text) }: EachOptions = {},
): Promise<void> {
  for (const path of paths) {
    try {
      await work(path);
    } catch (error) {
      if (signal?.aborted) return;
      process.exitCode ||= exitCodeOf(error);
      say(`naru: ${explain(error)}`);
    }
  }
}
