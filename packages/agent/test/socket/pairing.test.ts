import { expect, test } from "vitest";
import { openWorld } from "./world.ts";

test("pairing takes a yes on both sides, with the same code on both", async () => {
  await using world = await openWorld({ allowed: false });
  const { pairings, servers } = world.agent.pages;
  const page = await world.page();
  const answer = page.call({ kind: "pair" });
  const said = await page.hear((message) => message.kind === "pairing");
  const code = said.kind === "pairing" ? said.code : "";
  expect(pairings.pending()).toMatchObject([{ origin: world.door.origin, code, allowed: false }]);
  await world.tickets.confirmPairing(code);
  expect(servers.list()).toEqual([]);
  pairings.allow(world.door.origin);
  expect(await answer).toMatchObject({ kind: "paired", user: world.door.user });
  expect(servers.list()).toMatchObject([{ origin: world.door.origin, user: world.door.user }]);
  expect(pairings.pending()).toEqual([]);
});

test("an origin that the agent's user refused may not ask again at once", async () => {
  await using world = await openWorld({ allowed: false });
  const page = await world.page();
  const answer = page.call({ kind: "pair" });
  await page.hear((message) => message.kind === "pairing");
  world.agent.pages.pairings.refuse(world.door.origin);
  expect(await answer).toMatchObject({ kind: "failed", error: { code: "forbidden" } });
  expect(await page.call({ kind: "pair" })).toMatchObject({ kind: "failed", error: { code: "throttled" } });
});
