import { expect, test } from "vitest";
import { openPages } from "../../../../test/harness/shared-chromium.ts";
import { openWorld } from "../socket/world.ts";

test("a site that asks is allowed in the window, where the page's code is shown, and forgotten there", async () => {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await openWorld({ allowed: false }));
  const chromium = stack.use(await openPages());
  const view = await chromium.newPage();
  await view.goto(await world.agent.windowAddress());
  const page = await world.page();
  const answer = page.call({ kind: "pair" });
  const said = await page.hear((message) => message.kind === "pairing");
  const code = said.kind === "pairing" ? said.code : "";
  expect(await view.locator(".pairing .code").textContent()).toBe(code);
  await view.locator("[data-pair=allow]").click();
  await world.tickets.confirmPairing(code);
  expect(await answer).toMatchObject({ kind: "paired", user: world.door.user });
  await view.locator(".pairing").waitFor({ state: "detached" });
  await view.locator("[data-view=settings]").click();
  await view.getByText(world.door.origin).waitFor();
  await view.getByRole("button", { name: `Unpair ${world.door.origin}` }).click();
  await view.getByText(world.door.origin).waitFor({ state: "detached" });
  expect(world.agent.pages.servers.list()).toEqual([]);
});
