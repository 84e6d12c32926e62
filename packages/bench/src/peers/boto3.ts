/** The source document's alternative: boto3 straight to the bucket (Debian's), from a new process and from one that is connected. */

import { createInterface } from "node:readline";
import { daemon } from "../command.ts";
import type { Sample } from "../contest.ts";
import { measured } from "../measured.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Carried, type Way } from "../way.ts";

const script = new URL("./boto3-client.py", import.meta.url).pathname;
const python = ["/usr/bin/python3", script];

/** A program's start, imports and connection are measured with the call. */
export async function boto3Way(room: Room): Promise<Way> {
  const options = { prefix: room.options.near, env: bucketEnv(room, await room.bucket()) };
  return {
    name: "boto3, a new process",
    up: ({ file, key }) => measured([...python, "up", key, file], options),
    down: ({ file, key }) => measured([...python, "down", key, file], options),
  };
}

/** Only the call is measured. */
export async function connectedBoto3Way(room: Room): Promise<Way> {
  const options = { prefix: room.options.near, env: bucketEnv(room, await room.bucket()), stdin: "pipe" } as const;
  const { child } = room.keep(await daemon(python, /^ready/, options));
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("Cannot speak to boto3: it has no input or output");
  const lines = createInterface({ input: stdout });
  const call = async (name: string, { file, key }: Carried): Promise<Sample> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    lines.once("line", resolve);
    child.once("exit", reject);
    stdin.write(`${name} ${key} ${file}\n`);
    const [, seconds = Number.NaN, cpuSeconds, MiB = Number.NaN] = (await promise).split(" ").map(Number);
    child.off("exit", reject);
    return { seconds, cpuSeconds, notes: { "client MiB": MiB } };
  };
  return {
    name: "boto3, connected already",
    up: (carried) => call("up", carried),
    down: (carried) => call("down", carried),
  };
}
