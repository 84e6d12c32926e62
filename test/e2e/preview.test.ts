import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { makeLink } from "../harness/link.ts";
import { openPreview, previewFiles } from "../harness/preview-files.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof folderWorld>>;
let chromium: Pages;
let console: ConsolePage;
let page: Page;
/** What anything on the page has asked for. */
const requests: Request[] = [];
const complaints: string[] = [];

const korean = Buffer.from("b0a1b3aab4d9", "hex");
/** What a script that runs would do, seen from outside. */
const attack = "fetch('/hit'); new Image().src = '/hit'; top.document.title = 'hit'";
const hostileName = `<img src=x onerror="${attack.replaceAll("/", "∕")}">.txt`;
const files: Readonly<Record<string, string | Buffer>> = {
  ...Object.fromEntries(Object.entries(previewFiles).map(([name, content]) => [`a/${name}`, content])),
  "evil/page.html": `<!doctype html><script>${attack}</script><h1>page</h1>`,
  "evil/picture.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>${attack}</script></svg>`,
  "evil/page.png": `<!doctype html><script>${attack}</script>`,
  "evil/page.pdf": `<!doctype html><script>${attack}</script>`,
  "evil/page.mp4": `<svg xmlns="http://www.w3.org/2000/svg" onload="${attack}"/>`,
  [`evil/${hostileName}`]: `<script>${attack}</script>`,
  "long.log": `${"0123456789abcde\n".repeat(40_000)}the end`,
  "korean.txt": Buffer.concat([Buffer.alloc(256 * 1024 - 1, "a"), korean]),
};

beforeAll(async () => {
  world = await folderWorld();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(world.kept, path)), { recursive: true });
    await writeFile(join(world.kept, path), content);
  }
  chromium = await openPages();
  console = await ConsolePage.open(await chromium.newPage(), world.origin);
  page = console.page;
  chromium.context.on("request", (request) => requests.push(request));
  page.on("console", (message) => {
    if (/Content Security Policy/u.test(message.text())) complaints.push(message.text());
  });
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const dialog = (): Locator => page.locator("naru-preview dialog");
const shown = (path: string, state = "shown"): Locator =>
  page.locator(`[data-preview="${path}"][data-state="${state}"]`);

const preview = (path: string, paths?: readonly string[]): Promise<void> => openPreview(page, path, paths);

async function close(): Promise<void> {
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
}

/** The ranges that were asked for of a file. */
function rangesOf(name: string): (string | undefined)[] {
  const asked = requests.filter((request) => request.url().includes(name));
  return asked.map((request) => request.headers()["range"]);
}

const inA = Object.keys(files).filter((path) => path.startsWith("a/"));

test("a file of the list is opened by the keyboard alone, and the focus comes back to it", async () => {
  await console.openFolder("a/");
  const row = page.locator('[data-file="a/notes.txt"]').first();
  await row.press("Enter");
  await shown("a/notes.txt").getByText("한글").waitFor();
  await page.keyboard.press("ArrowRight");
  await shown("a/pack.zip").or(shown("a/paper.pdf")).waitFor();
  await page.keyboard.press("ArrowLeft");
  await shown("a/notes.txt").waitFor();
  await close();
  await expect.poll(() => row.evaluate((element) => element.matches(":focus-within, :focus"))).toBe(true);
});

test("a picture is shown, the arrow keys lead to the files beside it, and Escape back to the list", async () => {
  await preview("a/photo.png", inA);
  const image = shown("a/photo.png").locator("img");
  await expect
    .poll(() => image.evaluate((img: HTMLImageElement) => [img.complete, img.naturalWidth]))
    .toEqual([true, 400]);
  expect(await image.getAttribute("alt")).toBe("photo.png");
  expect(await dialog().getByRole("heading").textContent()).toContain("photo.png");
  expect(await dialog().locator(".position").textContent()).toBe("1 of 7");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await shown("a/notes.txt").getByText("한글").waitFor();
  await page.keyboard.press("ArrowLeft");
  await shown("a/photo.png").waitFor();
  await close();
});

test("sound is played from anywhere: only what is heard is fetched", async () => {
  await preview("a/sound.wav");
  const audio = shown("a/sound.wav").locator("audio");
  await expect.poll(() => audio.evaluate((media: HTMLAudioElement) => Math.round(media.duration))).toBe(120);
  await audio.evaluate((media: HTMLAudioElement) => {
    media.currentTime = 110;
  });
  await expect
    .poll(() => audio.evaluate((media: HTMLAudioElement) => [media.seeking, media.currentTime]))
    .toEqual([false, 110]);
  const ranges = rangesOf("sound.wav");
  expect(ranges.some((range) => Number(/^bytes=(\d+)-/u.exec(range ?? "")?.[1]) > 15_000_000)).toBe(true);
  await close();
});

test("a film that the browser has made is shown and sought in", async () => {
  const film = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((done) => {
      recorder.onstop = done;
    });
    recorder.start();
    for (let frame = 0; frame < 20; frame += 1) {
      pen?.fillRect(frame * 10, 0, 10, 100);
      await new Promise((done) => requestAnimationFrame(done));
    }
    recorder.stop();
    await ended;
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
  });
  await writeFile(join(world.kept, "film.webm"), Buffer.from(film));
  await preview("film.webm");
  const video = shown("film.webm").locator("video");
  await expect
    .poll(() => video.evaluate((media: HTMLVideoElement) => media.readyState > 0 && media.videoWidth))
    .toBe(300);
  await video.evaluate((media: HTMLVideoElement) => {
    media.currentTime = 0.1;
  });
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.seeking)).toBe(false);
  await close();
});

test("a PDF is shown in the browser's viewer, or in a tab of its own", async () => {
  await preview("a/paper.pdf");
  await shown("a/paper.pdf").locator("iframe").waitFor();
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith("chrome-extension://"))).toBe(true);
  const [tab] = await Promise.all([
    chromium.context.waitForEvent("page"),
    dialog().locator("[data-action=open-tab]").click(),
  ]);
  await expect.poll(() => tab.frames().some((frame) => frame.url().startsWith("chrome-extension://"))).toBe(true);
  await tab.close();
  await close();
});

test("text is shown in its encoding, the beginning first and more on request", async () => {
  await preview("long.log");
  await shown("long.log").getByText("First 262 kB of 640 kB · UTF-8").waitFor();
  const more = dialog().locator("[data-action=show-more]");
  await more.click();
  await shown("long.log").getByText("First 524 kB of 640 kB").waitFor();
  await more.click();
  await more.waitFor({ state: "detached" });
  const text = await dialog()
    .locator("pre")
    .evaluate((pre) => pre.textContent);
  expect(text).toBe(files["long.log"]);
  await close();
  await preview("korean.txt");
  await dialog().locator("[data-action=show-more]").click();
  await shown("korean.txt").getByText("Korean (CP949)").waitFor();
  await expect
    .poll(() =>
      dialog()
        .locator("pre")
        .evaluate((pre) => pre.textContent?.slice(-3)),
    )
    .toBe("가나다");
  await close();
});

test("the first rows of a CSV are a table, and the contents of a ZIP are read without the ZIP", async () => {
  await preview("a/table.csv");
  await shown("a/table.csv").getByRole("columnheader", { name: "가나다" }).waitFor();
  expect(await dialog().locator("th, td").allTextContents()).toEqual(["가나다", 'b, "c"', "1", "2"]);
  await close();
  requests.length = 0;
  await preview("a/pack.zip");
  await shown("a/pack.zip").getByText("한글/파일.txt").waitFor();
  const names = await dialog().locator("bdi").allTextContents();
  expect(names).toEqual(["한글/파일.txt", "가나다", "<script>top.hit()</script>"]);
  const bytes = rangesOf("pack.zip");
  const size = (files["a/pack.zip"] ?? "").length;
  expect(bytes.filter((range) => range !== undefined)).toEqual([`bytes=${size - 65_557}-${size - 1}`]);
  await close();
});

test("what cannot be shown is said, with the way to download it", async () => {
  await preview("a/program.bin");
  await shown("a/program.bin", "type").getByRole("alert").getByText("cannot be shown here").waitFor();
  const download = page.waitForEvent("download");
  await dialog().locator(".cannot [data-action=download-preview]").click();
  expect((await download).suggestedFilename()).toBe("program.bin");
  await close();
  await preview("a/none.txt");
  await shown("a/none.txt", "not-found").getByText("no longer there").waitFor();
  await close();
});

test("guests look at the files of a link that allows it, and find no such button on one that does not", async () => {
  await using guests = await openPages();
  const guest = await guests.newPage();
  await guest.goto((await makeLink(world.origin, { kind: "share", path: "a/" })).url);
  await guest.locator("[data-file='photo.png'] [data-action=preview]").click();
  const image = guest.locator("[data-preview='photo.png'] img");
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(400);
  await guest.keyboard.press("ArrowLeft");
  await guest.locator("[data-preview='paper.pdf']").waitFor();
  await guest.keyboard.press("Escape");
  await guest.goto((await makeLink(world.origin, { kind: "share", path: "a/", preview: false })).url);
  await guest.locator("[data-file='photo.png']").waitFor();
  expect(await guest.locator("[data-action=preview]").count()).toBe(0);
});

test("hostile files stay harmless: nothing in them runs, wherever they are opened", async () => {
  requests.length = 0;
  for (const [path, state] of [
    ["evil/page.html", "shown"],
    ["evil/picture.svg", "shown"],
    ["evil/page.png", "image"],
    ["evil/page.mp4", "media"],
    [`evil/${hostileName}`, "shown"],
  ] as const) {
    await preview(path);
    await page.locator(`naru-preview [data-state=${state}]`).waitFor();
    if (state === "shown") await dialog().locator("pre").getByText("script").waitFor();
    await close();
  }
  await preview("evil/page.pdf");
  await shown("evil/page.pdf").locator("iframe").waitFor();
  await close();
  const tab = await chromium.newPage();
  for (const name of ["page.png", "page.pdf", "page.mp4", "page.html", "picture.svg"]) {
    for (const call of ["previews", "files"]) {
      const answered = tab.waitForEvent("response", (response) => response.url().includes(`/${call}/evil/${name}`));
      await tab.goto(`${world.origin}/api/${call}/evil/${name}`).catch(() => undefined);
      await answered;
    }
  }
  await tab.goto(world.origin);
  await tab.close();
  expect(requests.map((request) => new URL(request.url()).pathname).filter((path) => path.endsWith("/hit"))).toEqual(
    [],
  );
  expect([await page.title(), complaints]).toEqual([expect.not.stringContaining("hit"), []]);
});
