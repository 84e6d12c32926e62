/** A container on Azurite, and Microsoft's client of it. */

import type { AzurePlace, AzureWork } from "./azure-client.ts";
import { daemon, output, timed } from "./command.ts";
import type { Sample } from "./contest.ts";
import type { Room } from "./room.ts";

const client = new URL("./azure-client.ts", import.meta.url).pathname;
const host = new URL("./azurite-host.ts", import.meta.url).pathname;

export interface AzurePeer extends AzurePlace {
  /** Upload a file by `uploadFile`. */
  up(file: string, name: string, options?: Pick<AzureWork, "block">): Promise<Sample>;
  /** Download a blob by `downloadToFile`. */
  down(name: string, file: string): Promise<Sample>;
  /** Wait for work, then remove every blob. */
  emptiedAfter<T>(work: Promise<T>): Promise<T>;
}

/** Start Azurite, with a container of its own in it. */
export async function containerOnAzurite(room: Room): Promise<AzurePeer> {
  const started = room.keep(await daemon([process.execPath, host], /^ready \{/));
  const service = JSON.parse(started.readyLine.slice("ready ".length)) as Omit<AzurePlace, "container">;
  const place = { ...service, container: "bench" };
  const command = (does: string, work: Partial<AzureWork> = {}): readonly string[] => {
    return [process.execPath, client, does, JSON.stringify({ ...place, ...work })];
  };
  await output(command("make"));
  return {
    ...place,
    up: (file, name, options = {}) => timed(command("up", { file, name, ...options })),
    down: (name, file) => timed(command("down", { name, file })),
    emptiedAfter: async (work) => {
      const result = await work;
      await output(command("empty"));
      return result;
    },
  };
}
