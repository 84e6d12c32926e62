/** What people need who see little, or are made ill by movement: 400 % zoom, forced colours, no motion, targets large enough. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { look } from "../harness/axe.ts";
import { type Demo, serveDemo } from "../harness/demo-page.ts";
import { openPages } from "../harness/shared-chromium.ts";

let stack: AsyncDisposableStack;
let demo: Demo;
let page: Page;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  demo = stack.use(await serveDemo());
  const chromium = stack.use(await openPages());
  page = await chromium.newPage();
});
afterAll(() => stack.disposeAsync());

/** States of the page, and what is there once it shows them. */
const states = {
  "signed-out": "naru-sign-in h1",
  idle: "[data-folder]",
  busy: "[data-state=uploading]",
  groups: "[data-group]",
  back: "[data-unfinished]",
  empty: ".blank b",
} as const;
const names = ["signed-out", "idle", "busy", "groups", "back", "empty"] as const;

async function show(state: (typeof names)[number]): Promise<void> {
  await page.goto(demo.address(state));
  await page.locator(states[state]).first().waitFor();
}

test("at 400 % everything fits into the width of the window, and a dialog's last button can be reached", async () => {
  // A window of 1280 x 1024 at 400 % (WCAG 1.4.10).
  await page.setViewportSize({ width: 320, height: 256 });
  const wide: string[] = [];
  const fits = async (name: string): Promise<void> => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) wide.push(`${name} is ${width} px wide`);
  };
  for (const state of names) {
    await show(state);
    await fits(state);
  }
  await show("idle");
  for (const key of ["F2", "Delete"]) {
    const last = page.locator("dialog[open] [data-action=confirm]");
    // A list that is drawn anew between the focus and the key hears no key; a part that did not load is not asked for again.
    for (let tries = 0; tries < 20 && (await last.count()) === 0; tries += 1) {
      if (tries > 0) await show("idle");
      await page.locator("[data-folder]").first().press(key);
      await last.waitFor({ state: "attached", timeout: 5000 }).catch(() => undefined);
    }
    await last.scrollIntoViewIfNeeded();
    await fits(`the dialog of ${key}`);
    // Fails where something lies over it, or it is out of the window.
    await last.click({ trial: true });
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  }
  expect(wide).toEqual([]);
});

test("who wants no motion sees none", async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await show("busy");
  const moving = (): Promise<readonly string[]> =>
    page.evaluate(() => {
      const all = (root: ParentNode): readonly Element[] =>
        [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
      return all(document)
        .filter((one) => {
          const { animationName, transitionDuration } = getComputedStyle(one);
          return animationName !== "none" || transitionDuration.split(", ").some((time) => Number.parseFloat(time) > 0);
        })
        .map(({ localName, className }) => `${localName}.${className}`);
    });
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await moving()).not.toEqual([]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await moving()).toEqual([]);
});

test("with forced colours axe finds no fault, and what is chosen looks other than the rest", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  const found: string[] = [];
  await show("busy");
  await look(page, "files and transfers", found);
  const background = (selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => getComputedStyle(one).backgroundColor);
  for (const name of ["aria-selected", "aria-pressed"]) {
    expect(await background(`button[${name}=true]`)).not.toBe(await background(`button[${name}=false]`));
  }
  const rows = page.locator("tbody tr[data-row]");
  await rows.first().press("Control+ ");
  await look(page, "a chosen row", found);
  const edge = (index: number): Promise<string> =>
    rows
      .nth(index)
      .locator("td")
      .nth(1)
      .evaluate((cell) => getComputedStyle(cell).borderBottomColor);
  await page.locator("tr[aria-selected=true]").waitFor();
  expect(await edge(0)).not.toBe(await edge(2));
  expect(await rows.first().evaluate((row) => getComputedStyle(row).outlineStyle)).toBe("solid");
  await page.emulateMedia({ forcedColors: "none" });
  expect(found).toEqual([]);
});

test.each([1280, 390])("at a width of %i px what is pressed is at least 24 px wide and high", async (width) => {
  await page.setViewportSize({ width, height: 800 });
  const small: string[] = [];
  for (const state of names) {
    await show(state);
    const targets = await page.evaluate(() => {
      const all = (root: ParentNode): readonly Element[] =>
        [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
      return all(document)
        .filter((one) => one.matches("button, a[href], input:not(.unseen), select, [role=button], [role=menuitem]"))
        .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .map((one) => {
          // A cell and a label pass a press on to the box in them.
          const { width, height } = (one.closest("td.pick, label") ?? one).getBoundingClientRect();
          return { width, height, what: one.getAttribute("aria-label") ?? one.textContent.trim() };
        });
    });
    expect(targets.length).toBeGreaterThan(1);
    for (const { width, height, what } of targets) {
      if (width < 24 || height < 24) small.push(`${state}: ${what} is ${width} x ${height}`);
    }
  }
  expect(small).toEqual([]);
});
