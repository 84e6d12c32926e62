/** Folders to sync with a server, and what became of them. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Ended, openPlace, type Place } from "./naru.ts";

export interface SyncPlace extends AsyncDisposable {
  readonly place: Place;
  at(...names: string[]): string;
  makeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  /** Run a sync; its lines of JSON. */
  synced(...args: string[]): Promise<{ readonly ended: Ended; readonly lines: Record<string, unknown>[] }>;
  /** Run a sync that must work; what it carried, deleted and made. */
  paths(...args: string[]): Promise<unknown[]>;
  /** What the server has below a folder. */
  remote(folder: string): Promise<string[]>;
}

export async function openSyncPlace(): Promise<SyncPlace> {
  const place = await openPlace();
  const at: SyncPlace["at"] = (...names) => join(place.folder, ...names);
  const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");
  const synced: SyncPlace["synced"] = async (...args) => {
    const ended = await place.naru("sync", ...args, "--json");
    return { ended, lines: linesOf(ended.stdout).map((line) => JSON.parse(line)) };
  };
  return {
    place,
    at,
    synced,
    async makeFiles(folder, files) {
      for (const [file, content] of Object.entries(files)) {
        await mkdir(dirname(at(folder, file)), { recursive: true });
        await writeFile(at(folder, file), content);
      }
    },
    async paths(...args) {
      const { ended, lines } = await synced(...args);
      expect(ended.code, ended.stderr).toBe(0);
      return lines.map(({ path, deleted, folder }) => path ?? (deleted ? `- ${deleted}` : `${folder}`)).sort();
    },
    async remote(folder) {
      const { stdout } = await place.naru("ls", "--all", "--json", folder);
      return linesOf(stdout)
        .map((line) => JSON.parse(line).path.slice(folder.length))
        .sort();
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
