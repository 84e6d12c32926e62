import { expect, test } from "vitest";
import type { FileEvent } from "../../src/catalogue/file-events.ts";
import { Rights } from "../../src/catalogue/rights.ts";
import { toWireEvents } from "../../src/http/wire-events.ts";

const facts = { mergeAll: async <T>(files: T): Promise<T> => files };
const by = { account: "ann", door: "sftp" };
const at = new Date("2026-11-30T00:00:00Z");

function event(kind: FileEvent["kind"], path: string, from?: string): FileEvent {
  return { position: 1, kind, entry: "file", path, from, size: 1, etag: "e", by, at };
}

async function shownTo(prefix: string, ...events: readonly FileEvent[]): Promise<readonly string[]> {
  let now = 0;
  const rights = new Rights([{ prefix, may: new Set(["list"]), until: 1000 }], { now: () => now });
  const shown = await toWireEvents(events, { folder: "", rights }, facts);
  now = 1000;
  // Rights are asked for each event, when it is sent.
  expect(await toWireEvents(events, { folder: "", rights }, facts)).toEqual([]);
  return shown.map(({ from, kind, path }) => [kind, from, path].filter((word) => word !== undefined).join(" "));
}

test("a caller whose rights are narrow hears of what it may see, and nothing of the rest", async () => {
  const told = await shownTo(
    "open/",
    event("arrived", "open/a"),
    event("arrived", "secret/a"),
    event("moved", "open/b", "open/a"),
    event("moved", "secret/c", "open/b"),
    event("moved", "open/d", "secret/c"),
    event("moved", "secret/f", "secret/e"),
    event("removed", "open/d"),
    event("removed", "secret/d"),
  );
  expect(told).toEqual(["arrived open/a", "moved open/a open/b", "removed open/b", "arrived open/d", "removed open/d"]);
});

test("uploads that begin or fail change no file, and are not events of files", async () => {
  expect(await shownTo("", event("begun", "a"), event("failed", "a"))).toEqual([]);
});
