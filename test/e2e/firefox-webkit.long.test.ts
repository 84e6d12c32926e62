/**
 * Uploads and downloads in Firefox and WebKitGTK. Firefox lets no page keep a handle of a file, so an upload that a reload cut off
 * resumes when the file is chosen again. It keeps downloads in its own files until they are whole; WebKitGTK gives a page no files.
 */

import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { openDisplay } from "../harness/display.ts";
import { startFirefox } from "../harness/firefox.ts";
import { type HttpsFront, httpsFront } from "../harness/https-front.ts";
import { naru } from "../harness/naru-command.ts";
import { admin, serveNaru } from "../harness/naru-server.ts";
import { startWebKit } from "../harness/webkit.ts";
import { layWire, type Wire } from "../harness/wire.ts";

interface Browser {
  goto(url: string): Promise<void>;
  evaluate(expression: string): Promise<string | undefined>;
  chooseFiles(input: string, file: string): Promise<void>;
}

const name = "강의.bin";
const sent = "보낼 것.bin";
const size = 80 * MiB;

let stack: AsyncDisposableStack;
let folder: string;
let line: Wire;
let front: HttpsFront;
let sha256: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), "naru-browsers-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(folder, "data"));
  await mkdir(join(folder, "saved"));
  const server = stack.use(await serveNaru({ dir: join(folder, "data"), store: `file:${join(folder, "files")}` }));
  line = stack.use(await layWire(server.origin));
  front = stack.use(await httpsFront(line.origin, { folder }));
  sha256 = await makeFile(join(folder, name), size);
  await naru(server.origin, ["put", name], folder);
});
afterEach(() => stack.disposeAsync());

/** An element, in whatever component it is. */
function deep(selector: string): string {
  const inside = "(e) => (e.shadowRoot ? (find(e.shadowRoot, s) ?? []) : [])";
  const find = `(root, s) => root.querySelector(s) ?? [...root.querySelectorAll("*")].flatMap(${inside})[0] ?? null`;
  return `(() => { const find = ${find}; return find(document, ${JSON.stringify(selector)}); })()`;
}

function rowIs(state: string): string {
  return `${deep(`[data-direction=down][data-state=${state}]`)}?.isConnected`;
}

async function becomes(browser: Browser, expression: string): Promise<void> {
  await expect
    .poll(() => browser.evaluate(expression), { interval: 200 })
    .toBe("true")
    .catch(async (cause: unknown) => {
      const text = await browser.evaluate(`${deep("naru-transfers")}?.shadowRoot.textContent`);
      const dialog = await browser.evaluate(`${deep("naru-downloads")}?.shadowRoot?.textContent`);
      throw new Error(`The page shows ${text} ${dialog}`, { cause });
    });
}

async function signIn(browser: Browser): Promise<void> {
  await browser.goto(front.origin);
  await becomes(browser, `${deep("[name=user]")}?.isConnected`);
  const fill = (field: string, text: string): Promise<string | undefined> =>
    browser.evaluate(
      `((e) => { e.value = ${JSON.stringify(text)}; e.dispatchEvent(new Event("input", { bubbles: true, composed: true })); })(${deep(field)})`,
    );
  await fill("[name=user]", admin.user);
  await fill("[name=password]", admin.password);
  await browser.evaluate(`${deep("[name=password]")}.form.requestSubmit()`);
}

/** Sign in, and press the button of the file once the page can do something with it. */
async function begin(browser: Browser): Promise<void> {
  await signIn(browser);
  const button = deep(`[data-file="${name}"] [data-action=download]`);
  await becomes(browser, `${button}?.isConnected`);
  await becomes(browser, `${deep("naru-transfers")}.transfers !== undefined`);
  await browser.evaluate(`${button}.click()`);
}

async function isSaved(): Promise<void> {
  const saved = join(folder, "saved");
  const sums = async (): Promise<readonly string[]> => {
    const names = await readdir(saved);
    return Promise.all(names.map((each) => sha256File(join(saved, each)).catch(() => "")));
  };
  await expect.poll(sums, { interval: 500 }).toContain(sha256);
}

/** Send a file until some of it is confirmed, load the page again, and choose the file once more. */
async function sendsAcrossReload(browser: Browser): Promise<void> {
  const whole = await makeFile(join(folder, sent), size);
  await signIn(browser);
  const input = deep("input[data-role=files]");
  await becomes(browser, `${input}?.isConnected`);
  await becomes(browser, `${deep("naru-transfers")}.transfers !== undefined`);
  line.bytesPerSecond = 10 * MiB;
  await browser.chooseFiles(input, join(folder, sent));
  await becomes(browser, `Number(${deep(`[data-path="${sent}"]`)}?.getAttribute("data-confirmed")) > ${size / 4}`);
  // So that much of it is left when the page is gone.
  line.bytesPerSecond = MiB;
  const taken = line.partsTaken;
  await browser.goto(`${front.origin}/?again`);
  line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await becomes(browser, `${deep(`[data-path="${sent}"][data-state=needs-file]`)}?.isConnected`);
  const before = line.partPuts.length;
  await browser.chooseFiles(deep("input[data-role=choose-many]"), join(folder, sent));
  await becomes(browser, `${deep(`[data-path="${sent}"][data-state=done]`)}?.isConnected`);
  expect(await sha256File(join(folder, "files", sent))).toBe(whole);
  expect(taken.length).toBeGreaterThan(0);
  const again = line.partPuts.slice(before).filter(({ part }) => part !== undefined && taken.includes(part));
  expect(again).toEqual([]);
}

test("Firefox resumes an upload after a reload when the file is chosen again, and sends no confirmed part twice", async () => {
  await sendsAcrossReload(stack.use(await startFirefox({ profile: join(folder, "firefox") })));
});

test("WebKit sends a large file in parts", async () => {
  const whole = await makeFile(join(folder, sent), size);
  const display = stack.use(await openDisplay());
  const webkit = stack.use(await startWebKit(display, join(folder, "webkit")));
  await signIn(webkit);
  const input = deep("input[data-role=files]");
  await becomes(webkit, `${input}?.isConnected`);
  await becomes(webkit, `${deep("naru-transfers")}.transfers !== undefined`);
  await webkit.chooseFiles(input, join(folder, sent));
  await becomes(webkit, `${deep(`[data-path="${sent}"][data-state=done]`)}?.isConnected`);
  expect(await sha256File(join(folder, "files", sent))).toBe(whole);
  expect(line.partsTaken.length).toBeGreaterThan(1);
});

test("Firefox resumes a download after a reload, asks for no kept range again, and saves the file", async () => {
  const dir = { "browser.download.folderList": 2, "browser.download.dir": join(folder, "saved") };
  const firefox = stack.use(await startFirefox({ profile: join(folder, "firefox"), prefs: dir }));
  line.bytesPerSecond = 20 * MiB;
  await begin(firefox);
  await becomes(firefox, `Number(${deep("[data-direction=down]")}?.getAttribute("data-confirmed")) > 0`);
  line.bytesPerSecond = Number.POSITIVE_INFINITY;
  const before = line.exchanges.length;
  await firefox.goto(`${front.origin}/?again`);
  await becomes(firefox, rowIs("done"));
  expect(line.exchanges.slice(before).filter(({ status }) => status === 206).length).toBeLessThan(6);
  await isSaved();
});

test("WebKit, where a page has no files of its own, is given the plain link", async () => {
  const home = join(folder, "webkit");
  await mkdir(join(home, ".config"), { recursive: true });
  await writeFile(join(home, ".config", "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${join(folder, "saved")}"\n`);
  const display = stack.use(await openDisplay());
  const webkit = stack.use(await startWebKit(display, home));
  await begin(webkit);
  await isSaved();
});
