/** Naru's real page in a real browser: sign in, choose files, tell how long it took by the page's own clock. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Chromium } from "./chromium.ts";
import type { Sample } from "./contest.ts";
import type { Naru } from "./naru.ts";
import type { Room } from "./room.ts";

/** Finds through open shadow roots; the rows and the input are marked for tests (`data-state`, `type=file`). */
const finder = `globalThis.deep = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? deep(selector, e.shadowRoot) : [])),
]`;

const input = `deep("input[type=file]:not([webkitdirectory])")[0]`;

/**
 * Notes the instant of the choice, then looks whenever the list has changed: the head says that all are done, or a row that
 * it failed. It looks into the list alone: through the whole page it would take as much time as what it measures.
 */
const stopwatch = `${input}.addEventListener("change", () => {
  const started = performance.now();
  const list = deep("naru-transfers")[0].shadowRoot;
  const changes = new MutationObserver(() => {
    const states = [...list.querySelectorAll("[data-state]")].map((row) => row.getAttribute("data-state"));
    if (list.querySelector("header.done")) globalThis.tookSeconds = (performance.now() - started) / 1000;
    if (states.some((state) => state === "failed" || state === "needs-file")) globalThis.failedAs = states.join();
    if (globalThis.tookSeconds ?? globalThis.failedAs) changes.disconnect();
  });
  changes.observe(list, { subtree: true, childList: true, attributes: true });
}, { capture: true, once: true }), true`;

/** The list of transfers and the engine behind it, which the page loads by itself before anybody can have chosen a file. */
const stands = `deep("naru-transfers")[0]?.shadowRoot && deep("naru-transfers")[0].transfers`;

/** A signed-in page with its stopwatch set, in a fresh browser or one with a profile that it had before. */
export async function openNaruPage(room: Room, naru: Naru, profile?: string): Promise<Chromium> {
  const browser = await room.chromium(naru.origin, { profile });
  try {
    const status = await browser.evaluate(naru.signIn);
    if (status !== 200) throw new Error(`Cannot sign in on the page: ${String(status)}`);
    await browser.open(naru.origin);
    await browser.evaluate(`${finder}, true`);
    await browser.until(`${input} && ${stands}`);
    await browser.evaluate(stopwatch);
    return browser;
  } catch (error) {
    await browser[Symbol.asyncDispose]();
    throw error;
  }
}

/** Give the page its files, as a person who picks them does: first the button, then a dialog for as long as loading takes. */
export async function chooseOnNaruPage(browser: Chromium, files: readonly string[]): Promise<void> {
  await browser.click(`deep("naru-uploader")[0].shadowRoot.querySelector("button.primary")`);
  await browser.until(`customElements.get("naru-pre-flight")`);
  await browser.chooseFiles(input, files);
}

/** Upload files with a fresh browser, to the last row's "done". */
export async function pageUpload(room: Room, naru: Naru, files: readonly string[]): Promise<Sample> {
  await using browser = await openNaruPage(room, naru);
  const cpuBefore = browser.cpuSeconds;
  await chooseOnNaruPage(browser, files);
  const seconds = await uploadedOnNaruPage(browser);
  return { seconds, cpuSeconds: browser.cpuSeconds - cpuBefore };
}

/** Wait for the last row's "done"; how many seconds it took since the choice. */
export async function uploadedOnNaruPage(browser: Chromium): Promise<number> {
  await browser.until("globalThis.tookSeconds ?? globalThis.failedAs", { timeoutMs: 300_000 });
  const failed = await browser.evaluate("globalThis.failedAs");
  if (failed !== undefined) throw new Error(`Cannot upload on the page: ${String(failed)}`);
  return Number(await browser.evaluate("globalThis.tookSeconds"));
}

/** Begins a download as a button of the list of files does, and looks at its row until it has ended. */
const downloadCall = (path: string): string => `(async () => {
  const started = performance.now();
  const detail = { paths: [${JSON.stringify(path)}] };
  deep("naru-files")[0].dispatchEvent(new CustomEvent("naru-download", { detail, bubbles: true, composed: true, cancelable: true }));
  const list = deep("naru-transfers")[0].shadowRoot;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const state = list.querySelector("[data-direction=down]")?.getAttribute("data-state");
    if (state === "done") return (performance.now() - started) / 1000;
    if (state === "failed" || state === "needs-file") throw new Error(list.textContent);
  }
})()`;

/** Download a file with a fresh browser, until it is whole, verified, and the browser may save it. */
export async function pageDownload(room: Room, naru: Naru, path: string): Promise<Sample> {
  await using browser = await openNaruPage(room, naru);
  await browser.until(`deep("naru-transfers")[0].transfers`);
  await browser.saveIn(undefined);
  const cpuBefore = browser.cpuSeconds;
  const seconds = Number(await browser.evaluate(downloadCall(path)));
  return { seconds, cpuSeconds: browser.cpuSeconds - cpuBefore };
}

/** Download a file by its plain link with a fresh browser, until the browser has saved it. */
export async function plainDownload(
  room: Room,
  naru: Naru,
  { path, size }: { path: string; size: number },
): Promise<Sample> {
  await using browser = await openNaruPage(room, naru);
  const dir = await mkdtemp(join(room.dir, "saved-"));
  await browser.saveIn(dir);
  const cpuBefore = browser.cpuSeconds;
  const start = performance.now();
  await browser.evaluate(
    `Object.assign(document.createElement("a"), { href: ${JSON.stringify(`/api/files/${path}`)}, download: "" }).click()`,
  );
  const isThere = async (): Promise<boolean> =>
    stat(join(dir, path)).then(
      (file) => file.size === size,
      () => false,
    );
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 10));
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = browser.cpuSeconds - cpuBefore;
  await rm(dir, { recursive: true });
  return { seconds, cpuSeconds };
}
