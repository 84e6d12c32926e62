import { afterAll, beforeAll, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { naru } from "../harness/naru-command.ts";
import { savedSha256 } from "../harness/saved.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import type { Exchange } from "../harness/wire.ts";

const name = "받을 것.bin";
const size = 68 * MiB;

let stack: AsyncDisposableStack;
let world: BucketWorld;
let pages: Pages;
let page: ConsolePage;
let sha256: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(await bucketWorld());
  sha256 = await makeFile(world.file(name), size);
  await naru(world.origin, ["put", name], world.dir);
  pages = stack.use(await openPages());
  page = await ConsolePage.open(await pages.newPage(), world.origin);
});
afterAll(() => stack.disposeAsync());

/** The ranges that were asked of the store. */
function gets(): readonly Exchange[] {
  return world.wire.exchanges.filter(({ method, url }) => method === "GET" && url.searchParams.has("X-Amz-Signature"));
}

test("a large file comes straight from the store, though addresses expire in the middle, and is saved whole", async () => {
  let seen = 0;
  world.wire.fault = ({ method, url }) => {
    if (method !== "GET" || !url.searchParams.has("X-Amz-Signature")) return undefined;
    seen += 1;
    return seen === 3 || seen === 4 ? { kind: "answer", status: 403 } : undefined;
  };
  const saving = page.page.waitForEvent("download");
  await page.download(name);
  await page.waitState(name, "done");
  expect(await savedSha256(await saving)).toBe(sha256);
  expect(gets().filter(({ status }) => status === 403)).toHaveLength(2);
  expect(await page.row(name).getAttribute("data-direction")).toBe("down");
  expect(await page.row(name).ariaSnapshot()).toMatch(/Verified/);
  world.wire.fault = () => undefined;
  await page.page.locator("[data-action-all=clear]").click();
  await page.row(name).waitFor({ state: "detached" });
});

test("a download that is asked for before the page's worker runs waits for it", async () => {
  const held = Promise.withResolvers<void>();
  await page.page.route(/engine-worker/u, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.page.reload();
  await page.page.locator(`[data-file="${name}"]`).first().waitFor();
  const asked = page.page.waitForResponse(/naru-downloads/u);
  await page.download(name);
  await asked;
  held.resolve();
  await page.waitState(name, "done");
  await page.page.unrouteAll();
  await page.page.locator("[data-action-all=clear]").click();
  await page.row(name).waitFor({ state: "detached" });
});

test("without a connection it waits, and resumes when that is back", async () => {
  world.wire.bytesPerSecond = 40 * MiB;
  const saving = page.page.waitForEvent("download");
  await page.download(name);
  const before = world.wire.bytesReturned;
  await world.wire.until(() => world.wire.bytesReturned > before + 8 * MiB);
  world.wire.cut();
  world.line.cut();
  await page.waitState(name, "offline");
  world.wire.restore();
  world.line.restore();
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.waitState(name, "done");
  expect(await savedSha256(await saving)).toBe(sha256);
});

test("a small file is left to the browser", async () => {
  await makeFile(world.file("small.bin"), MiB);
  await naru(world.origin, ["put", "small.bin"], world.dir);
  await page.page.reload();
  const saving = page.page.waitForEvent("download");
  await page.download("small.bin");
  expect((await saving).url()).toContain("/api/files/small.bin");
  expect(await page.row("small.bin").count()).toBe(0);
});

test("where the file does not fit, the plain link stands beside the reason", async () => {
  const session = await pages.context.newCDPSession(page.page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.origin, quotaSize: 20 * MiB });
  await page.download(name);
  const plain = page.page.locator("naru-downloads [data-action=plain]");
  await plain.waitFor();
  expect(await page.page.locator("naru-downloads dialog").ariaSnapshot()).toMatch(/No room/);
  const saving = page.page.waitForEvent("download");
  await plain.click();
  expect(await savedSha256(await saving)).toBe(sha256);
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.origin });
});

test("several things go to a chosen folder as a tree, or as one ZIP", async () => {
  await page.page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const into = await root.getDirectoryHandle("chosen", { create: true });
    Object.assign(window, { showDirectoryPicker: async () => into });
  });
  await page.askDownload([name, "small.bin"]);
  await page.page.locator("naru-downloads [data-action=into-folder]").click();
  await page.page.waitForFunction(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const each of (await root.getDirectoryHandle("chosen")).keys()) names.push(each);
    return names.length === 2 && !names.some((each) => each.endsWith("naru-part"));
  });
  await page.askDownload([name, "small.bin"]);
  const saving = page.page.waitForEvent("download");
  await page.page.locator("naru-downloads [data-action=zip]").click();
  expect((await saving).suggestedFilename()).toMatch(/\.zip$/);
});
