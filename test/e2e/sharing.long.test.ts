import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { look } from "../harness/axe.ts";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { makeLink, ownerOf } from "../harness/link.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";
import { needs } from "../peers/needs.ts";

needs("aria2c", "curl");

const run = promisify(execFile);
let world: World & { readonly kept: string };
beforeAll(async () => {
  world = await folderWorld();
  await mkdir(join(world.kept, "a/나루 터"), { recursive: true });
  await writeFile(join(world.kept, "a/report.pdf"), Buffer.alloc(5 * MiB, "report"));
  await writeFile(join(world.kept, "a/나루 터/사진 1.jpg"), Buffer.alloc(MiB, "photo"));
});
afterAll(() => world[Symbol.asyncDispose]());

test("a guest whose browser is killed in the middle of an upload opens the link again, chooses the file and sends the rest", async () => {
  await using bucket = await bucketWorld();
  const file = bucket.file("large.bin");
  const sha256 = await makeFile(file, 120 * MiB);
  const { url } = await makeLink(bucket.origin, { kind: "request", path: "in/" });
  const profile = bucket.file("profile");
  bucket.wire.bytesPerSecond = 30 * MiB;
  await using first = await startChromium({ profile });
  const sending = await ConsolePage.look(await first.newPage(), url);
  await sending.page.locator("[data-action=enter]").click();
  await sending.fileInput.waitFor({ state: "attached" });
  await sending.chooseFiles(file);
  await sending.waitConfirmed("large.bin", 40 * MiB);
  const taken = bucket.wire.partsTaken;
  await first.kill();
  bucket.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const putsBefore = bucket.wire.partPuts.length;

  await using second = await startChromium({ profile });
  const back = await ConsolePage.look(await second.newPage(), url);
  await back.waitState("large.bin", "needs-file");
  await back.chooseAgain("large.bin", file);
  await back.page.locator("[data-delivered='large.bin']").waitFor();
  const again = bucket.wire.partPuts.slice(putsBefore).map(({ part }) => part);
  expect(taken.length).toBeGreaterThan(1);
  expect(again.filter((part) => part !== undefined && taken.includes(part))).toEqual([]);
  const { files } = await ownerOf(bucket.origin).api.list({ prefix: "in/" });
  expect(files.map(({ path }) => path)).toEqual([expect.stringMatching(/^in\/sender-[0-9a-f]{6}\/large\.bin$/u)]);
  expect(await bucket.bucket.sha256(files[0]?.path ?? "")).toBe(sha256);
});

test("curl and aria2c resume a shared file, and a shared folder as one ZIP, as one download", async () => {
  const folder = world.file("got");
  await mkdir(folder);
  const share = await makeLink(world.origin, { kind: "share", path: "a/", password: "sesame", maxDownloads: 1 });
  const auth = ["-u", "guest:sesame"];
  const whole = await readFile(join(world.kept, "a/report.pdf"));
  await run("curl", ["-sf", ...auth, "-r", "0-999999", "-o", "report.pdf", `${share.url}/files/report.pdf`], {
    cwd: folder,
  });
  await run("curl", ["-sf", ...auth, "-C", "-", "-o", "report.pdf", `${share.url}/files/report.pdf`], { cwd: folder });
  expect(sha256(await readFile(join(folder, "report.pdf")))).toBe(sha256(whole));
  const aria = [
    "-x4",
    "-k1M",
    "--http-auth-challenge=false",
    "--http-user=guest",
    "--http-passwd=sesame",
    "-o",
    "a.zip",
  ];
  await run("aria2c", [...aria, `${share.url}/archive?path=/`], { cwd: folder });
  const zip = await readFile(join(folder, "a.zip"));
  expect([zip.includes("a/report.pdf"), zip.includes("a/나루 터/사진 1.jpg")]).toEqual([true, true]);
  const { shares } = await ownerOf(world.origin).shares.list();
  expect(shares.find(({ id }) => id === share.id)).toMatchObject({ downloads: 1, state: "used-up" });
});

const looks = [
  { language: "ko", colorScheme: "light", width: 1280 },
  { language: "en", colorScheme: "dark", width: 390 },
] as const;

for (const { language, colorScheme, width } of looks) {
  test(`axe finds no fault in what guests and owners of links see: ${language}, ${colorScheme}, ${width}`, async () => {
    await using pages = await openPages();
    const page = await pages.newPage();
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.addInitScript((chosen) => localStorage.setItem("naru-language", chosen), language);
    const found: string[] = [];
    const isWide = (): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    const guest = async (name: string, selector: string): Promise<void> => {
      await page.locator(selector).first().waitFor();
      await look(page, name, found);
      if (await isWide()) found.push(`${name}: it scrolls sideways`);
    };
    const file = await makeLink(world.origin, {
      kind: "share",
      path: "a/report.pdf",
      title: "Report",
      note: "For\nyou",
    });
    await page.goto(file.url);
    await guest("a shared file", "[data-action=download]");
    await page.goto((await makeLink(world.origin, { kind: "share", path: "a/" })).url);
    await guest("a shared folder", "[data-folder]");
    await page.goto((await makeLink(world.origin, { kind: "share", path: "a/", password: "sesame" })).url);
    await page.locator("[name=password]").fill("wrong");
    await page.keyboard.press("Enter");
    await guest("a wrong password", "#problem");
    await page.goto(`${world.origin}/s/${"x".repeat(43)}`);
    await guest("a link that does not work", ".blank h1");
    const request = {
      kind: "request",
      path: "in/",
      title: "Photos",
      asks: ["name", "email"],
      maxFiles: 9,
      types: [".bin"],
    } as const;
    await page.goto((await makeLink(world.origin, request)).url);
    await guest("who is sending", "[name=email]");
    await page.locator("[name=name]").fill("Kim");
    await page.locator("[name=email]").fill("kim@naru.example");
    await page.keyboard.press("Enter");
    const input = page.locator("naru-uploader input[data-role=files]");
    const sent = (name: string) => ({ name, mimeType: "", buffer: Buffer.from(name) });
    await input.setInputFiles([sent("a.bin"), sent("b.exe")]);
    await page.locator(".refused").waitFor();
    await guest("files that were sent, and one that was not taken", "[data-delivered='a.bin']");

    await ConsolePage.open(page, world.origin);
    const wish = (name: string, detail: object): Promise<void> =>
      page.locator("naru-files").evaluate(
        (files, [name, detail]) => {
          files.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }));
        },
        [name, detail] as const,
      );
    const owner = async (name: string, selector: string): Promise<void> => {
      await page.locator(`naru-share ${selector}`).first().waitFor();
      await look(page, name, found);
    };
    await page.locator("[data-action=links]").click();
    await owner("my links", "[data-share]");
    await page.locator("[data-action=stop]").first().click();
    await owner("a link to be stopped", "[data-action=confirm]");
    await page.locator("[data-action=keep]").click();
    await page.locator("[data-action=log]").first().click();
    await owner("the activity of a link", "[data-action=back]");
    await page.locator("[data-action=back]").click();
    await page.locator("[data-action=edit]").first().click();
    await owner("a link to be changed", "[name=title]");
    await page.keyboard.press("Escape");
    await wish("naru-request", { folder: "in/" });
    await owner("a request to be made", "[name=types]");
    await page.keyboard.press("Escape");
    await wish("naru-share", { path: "a/report.pdf" });
    await owner("a share to be made", "[name=maxDownloads]");
    await page.locator("[data-action=save-link]").click();
    await owner("a link that was made", ".address");
    expect(found).toEqual([]);
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
