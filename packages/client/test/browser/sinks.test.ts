import { join } from "node:path";
import { describeSink, type SinkPlace } from "@naru/core/testing";
import { fileStore } from "@naru/server";
import { pageSinks } from "./page-sinks.ts";
import { pageWorld } from "./page-world.ts";

async function place(kind: "opfs" | "writable"): Promise<SinkPlace> {
  const world = await pageWorld(async (dir) => fileStore(join(dir, "kept")));
  const tab = await world.newTab();
  return { ...pageSinks(tab, kind), [Symbol.asyncDispose]: async () => world[Symbol.asyncDispose]() };
}

describeSink("a file of the browser's own", () => place("opfs"));

describeSink("a small file in a chosen folder", () => place("writable"), {
  "what was synced is there for the next one who opens it": "its bytes show only once it is closed",
  "what is held can be read back": "its bytes show only once it is closed",
});
