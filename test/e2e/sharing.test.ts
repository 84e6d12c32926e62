import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { makeLink, ownerOf } from "../harness/link.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";

let world: World & { readonly kept: string };
let owner: Pages;
beforeAll(async () => {
  world = await folderWorld();
  owner = await openPages();
  await mkdir(join(world.kept, "secret plans/photos"), { recursive: true });
  await writeFile(join(world.kept, "secret plans/report.txt"), "the report");
  for (const name of ["2.jpg", "10.jpg"]) await writeFile(join(world.kept, "secret plans/photos", name), name);
});
afterAll(async () => {
  await owner[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** Ask the console for something, as its list of files does. */
async function wish(page: Page, name: string, detail: object): Promise<void> {
  await page.locator("naru-files").evaluate(
    (files, [name, detail]) => {
      files.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
    },
    [name, detail] as const,
  );
}

function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute("data-action") ?? at?.getAttribute("name");
  });
}

async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let tabs = 0; tabs < 40; tabs += 1) {
    if ((await focused(page)) === wanted) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Cannot reach ${wanted} by Tab`);
}

test("a link is made by keys alone; a guest types its password and downloads; its owner sees that, and stops it", async () => {
  const { page } = await ConsolePage.open(await owner.newPage(), world.origin);
  await wish(page, "naru-share", { path: "secret plans/report.txt" });
  await page.getByRole("dialog", { name: "Share “report.txt”" }).waitFor();
  await tabTo(page, "title");
  await page.keyboard.type("For you");
  await tabTo(page, "password");
  await page.keyboard.type("sesame");
  await page.keyboard.press("Enter");
  const address = page.getByLabel("Address of the link");
  await address.waitFor();
  await expect.poll(() => focused(page)).toBe("copy");
  const url = await address.inputValue();

  await using guests = await openPages({ language: "ko-KR" });
  const guest = await guests.newPage();
  await guest.goto(url);
  await guest.getByRole("heading", { name: "비밀번호가 있는 링크입니다" }).waitFor();
  await guest.getByLabel("비밀번호").fill("wrong");
  await guest.keyboard.press("Enter");
  await guest.getByRole("alert").filter({ hasText: "비밀번호가 맞지 않습니다" }).waitFor();
  await guest.getByLabel("비밀번호").fill("sesame");
  await guest.keyboard.press("Enter");
  await guest.getByRole("heading", { name: "For you" }).waitFor();
  expect(await guest.locator("body").ariaSnapshot()).not.toContain("secret");
  const download = guest.waitForEvent("download");
  await tabTo(guest, "download");
  await guest.keyboard.press("Enter");
  const saved = await download;
  expect([saved.suggestedFilename(), await readFile(await saved.path(), "utf8")]).toEqual(["report.txt", "the report"]);
  expect(await guest.title()).toBe("Naru");

  await page.locator("naru-share [data-action=links]").click();
  const row = page.locator("[data-share]", { hasText: "For you" });
  await row.getByText("1 download").waitFor();
  await row.locator("[data-action=log]").click();
  await page.locator("[data-entry='report.txt']", { hasText: "Downloaded 10 B" }).waitFor();
  await page.locator("[data-action=back]").click();
  await row.locator("[data-action=stop]").click();
  await expect.poll(() => focused(page)).toBe("keep");
  await page.locator("[data-action=confirm]").click();
  await row.getByText("Stopped").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("naru-share dialog").waitFor({ state: "detached" });
  await guest.reload();
  await guest.getByRole("heading", { name: "사용할 수 없는 링크입니다" }).waitFor();
});

test("a shared folder is walked by keys, its names in natural order, and back again; it is taken as one ZIP, and looked at where its owner allows that", async () => {
  const { url } = await makeLink(world.origin, { kind: "share", path: "secret plans/photos/" });
  await using guests = await openPages();
  const guest = await guests.newPage();
  await guest.goto(url);
  await guest.locator("[data-file]").first().waitFor();
  expect(await guest.locator("[data-file] .name").allInnerTexts()).toEqual(["2.jpg", "10.jpg"]);
  const download = guest.waitForEvent("download");
  await guest.locator("[data-action=zip]").click();
  expect((await download).suggestedFilename()).toBe("photos.zip");
  const above = await makeLink(world.origin, { kind: "share", path: "secret plans/", title: "All of it" });
  await guest.goto(above.url);
  await guest.locator("[data-folder] a").press("Enter");
  await guest.locator("[data-file='photos/10.jpg']").waitFor();
  await guest.goBack();
  await guest.locator("[data-file='report.txt']").waitFor();
  await guest.getByRole("button", { name: "Preview report.txt" }).press("Enter");
  await guest.locator("[data-preview='report.txt']", { hasText: "the report" }).waitFor();
  await guest.keyboard.press("Escape");
  const blind = await makeLink(world.origin, { kind: "share", path: "secret plans/", preview: false });
  await guest.goto(blind.url);
  await guest.locator("[data-file='report.txt']").waitFor();
  expect(await guest.locator("[data-action=preview]").count()).toBe(0);
  expect((await fetch(`${blind.url}/api/previews/report.txt`)).status).toBe(403);
});

test("a guest sends files by a request, gets a receipt, and comes back to it; another one sees nothing of them", async () => {
  const { page } = await ConsolePage.open(await owner.newPage(), world.origin);
  await wish(page, "naru-request", { folder: "in/" });
  await page.getByLabel("Title").fill("Send your photos");
  await page.getByLabel("Only these types").fill(".txt .jpg");
  await page.getByRole("button", { name: "Make the link" }).click();
  const url = await page.getByLabel("Address of the link").inputValue();

  await using guests = await openPages();
  const guest = await guests.newPage();
  await guest.goto(url);
  await guest.getByRole("button", { name: "Continue" }).click();
  await guest.getByRole("alert").filter({ hasText: "Please fill in: Your name" }).waitFor();
  await guest.getByLabel("Your name").fill("Kim");
  await guest.keyboard.press("Enter");
  const input = guest.locator("naru-uploader input[data-role=files]");
  const file = (name: string, text: string) => ({ name, mimeType: "", buffer: Buffer.from(text) });
  await input.setInputFiles([file("a.txt", "hello"), file("empty.txt", ""), file("virus.exe", "x")]);
  await guest.getByRole("alert").filter({ hasText: "virus.exe" }).waitFor();
  await guest.locator("[data-delivered='a.txt']").waitFor();
  await guest.locator("[data-delivered='empty.txt']").waitFor();
  const receipt = guest.waitForEvent("download");
  await guest.locator("[data-action=save-receipt]").click();
  const text = await readFile(await (await receipt).path(), "utf8");
  for (const line of ["Send your photos", "Kim", "a.txt", "  5 bytes", "  CRC-64/NVME"])
    expect(text).toContain(`\r\n${line}`);
  expect(await readFile(join(world.kept, "in/Kim/a.txt"), "utf8")).toBe("hello");

  await guest.reload();
  await guest.locator("[data-delivered='a.txt']").waitFor();
  await using others = await openPages();
  const other = await others.newPage();
  await other.goto(url);
  await other.getByLabel("Your name").fill("Lee");
  await other.keyboard.press("Enter");
  await other.locator("naru-uploader").waitFor();
  expect(await other.locator("body").ariaSnapshot()).not.toContain("a.txt");
  const { shares } = await ownerOf(world.origin).shares.list();
  expect(shares.find(({ title }) => title === "Send your photos")).toMatchObject({ files: 2, bytes: 5 });
});

test("the server prints no token of a link", async () => {
  const { url } = await makeLink(world.origin, { kind: "share", path: "secret plans/report.txt" });
  const token = url.slice(url.lastIndexOf("/") + 1);
  for (const path of ["", "/files/report.txt", "/files/none", "/api/guest", "/nowhere", "/api/accounts"])
    await fetch(url + path);
  expect(world.server.output).toContain("link made");
  expect(world.server.output).not.toContain(token);
});
