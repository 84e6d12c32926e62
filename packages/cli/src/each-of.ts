import { exitCodeOf } from "./exit-code.ts";
import { explain } from "./explain.ts";

/** Do something for each path. One that fails does not stop the others; the first failure sets the exit code. */
export async function eachOf(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  for (const path of paths) {
    try {
      await work(path);
    } catch (error) {
      process.exitCode ||= exitCodeOf(error);
      console.error(`naru: ${explain(error)}`);
    }
  }
}
