/** A client that is killed when half of its file has moved, and begun again. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { MiB } from "../benchmark.ts";
import type { Bucket } from "../bucket.ts";
import { type CommandOptions, output } from "../command.ts";
import type { Relay } from "./counting-relay.ts";

/** Bytes of the file that each client moves. */
export const killedSize: number = 512 * MiB;

/** A client that is killed and begun again; what it moves goes through a relay that counts. */
export interface KilledWay {
  readonly name: string;
  /** Bytes that went through the relay in the direction of the file. */
  readonly counted: () => number;
  /** Start it; what is returned kills it. */
  readonly begin: () => Promise<() => Promise<void>>;
  /** Give the same command again, to the end. */
  readonly again: () => Promise<unknown>;
  readonly target?: { readonly atMost: number; readonly of: string };
}

/** The note that targets are about. */
export const sentAgainNote = "MiB sent again";

/** What may be sent again: the parts that were on their way. */
export const target: NonNullable<KilledWay["target"]> = { atMost: 160, of: sentAgainNote };

/** What clients are put between: their file, and a relay to the store. */
export interface Between {
  readonly bucket: Bucket;
  readonly toStore: Relay;
  readonly file: string;
}

/** A command as such a client: killed with all that it started. */
export function killedCommand(
  first: readonly string[],
  options: CommandOptions & { readonly again?: readonly string[] } = {},
): Pick<KilledWay, "begin" | "again"> {
  return {
    begin: async () => {
      const [file = "", ...args] = first;
      const child = spawn(file, args, { stdio: "ignore", detached: true, env: { ...process.env, ...options.env } });
      return () => killed(child);
    },
    again: () => output(options.again ?? first, options),
  };
}

async function killed(child: ChildProcess): Promise<void> {
  const { pid, exitCode } = child;
  if (pid === undefined || exitCode !== null) throw new Error("Cannot kill it half-way: it had ended by itself");
  const gone = once(child, "exit");
  process.kill(-pid, "SIGKILL");
  await gone;
}
