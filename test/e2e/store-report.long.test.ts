import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { look } from "../harness/axe.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { admin } from "../harness/naru-server.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";

let world: BucketWorld;
let chromium: Pages;
beforeAll(async () => {
  world = await bucketWorld({ cors: false });
  chromium = await openPages();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const looks = [
  { language: "ko", colorScheme: "light", width: 1280 },
  { language: "en", colorScheme: "dark", width: 1280 },
  { language: "ko", colorScheme: "dark", width: 390 },
  { language: "en", colorScheme: "light", width: 390 },
] as const;

async function openReport({ language, colorScheme, width }: (typeof looks)[number]): Promise<Page> {
  const page = await chromium.newPage();
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.addInitScript((chosen) => localStorage.setItem("naru-language", chosen), language);
  await ConsolePage.open(page, world.origin);
  await page.locator("[data-action=account]").click();
  await page.locator("naru-account [data-action=doctor]").click();
  await page.locator("naru-doctor dialog[open]").waitFor();
  return page;
}

async function examined(page: Page): Promise<void> {
  await page.locator("naru-doctor [data-action=examine]").press("Enter");
  await page.locator("naru-doctor [data-check=lifecycle]").waitFor();
  await page.locator("naru-doctor [aria-busy=false]").waitFor();
  // Said a moment after the lines are there.
  await page.locator("naru-doctor [role=status]", { hasText: /1/u }).waitFor({ state: "attached" });
}

for (const wanted of looks) {
  test(`an administrator reads what the stores do and how to mend it: ${Object.values(wanted).join(", ")}`, async () => {
    const page = await openReport(wanted);
    const found: string[] = [];
    await look(page, "before", found);
    await examined(page);
    const cors = page.locator("naru-doctor [data-check=cors]");
    expect(await cors.getAttribute("data-status")).toBe("failure");
    await cors.locator("summary").press("Enter");
    expect(await cors.locator("pre").textContent()).toContain(world.origin);
    await look(page, "the report", found);
    expect(found).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator("naru-doctor").waitFor({ state: "detached" });
    expect(await world.bucket.keys()).toEqual([]);
  });
}

test("others are not offered it", async () => {
  const headers = {
    "content-type": "application/json",
    authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}`,
  };
  const body = JSON.stringify({ name: "ann", password: "naru-naru" });
  await fetch(`${world.origin}/api/accounts`, { method: "POST", headers, body });
  await using others = await openPages();
  const page = await others.newPage();
  const console = await ConsolePage.look(page, world.origin);
  await console.signIn("ann", "naru-naru");
  await page.locator("[data-action=account]").click();
  await page.locator("naru-account section").first().waitFor();
  expect(await page.locator("naru-account [data-action=doctor]").count()).toBe(0);
});
