import type { Benchmark } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import type { Naru } from "../naru.ts";
import { openNaruPage } from "../naru-page.ts";
import type { Room } from "../room.ts";

const files = 200;

export const firstPaint: Benchmark = {
  name: "first-paint",
  about: `the console with ${files} files, signed in, nothing cached: the first paint, and the list`,
  rounds: 5,
  async run(room) {
    const naru = await room.naruOnBucket();
    for (let n = 0; n < files; n++) await put(naru, `files/sheet ${n}.txt`);
    const target = { atMost: 0.3, of: "seconds" };
    return [
      await contest(
        "first paint of the console",
        [{ name: "Chromium", target, run: () => load(room, naru) }],
        room.options,
      ),
    ];
  },
};

async function put(naru: Naru, path: string): Promise<void> {
  const headers = { authorization: naru.basicAuth };
  const answer = await fetch(`${naru.origin}/api/files/${encodeURI(path)}`, { method: "PUT", headers, body: path });
  if (!answer.ok) throw new Error(`Cannot put "${path}": ${answer.status}`);
}

/** Notes when the first file has its row, by the page's own clock, which starts with the navigation. */
const stopwatch = `(function look() {
  const app = document.querySelector("naru-app");
  const list = app?.shadowRoot?.querySelector("naru-files")?.shadowRoot;
  if (list?.querySelector("[data-file]")) globalThis.listedAfter = performance.now();
  else requestAnimationFrame(look);
})()`;

const paintedAfter = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime`;

/** A new browser signs in, and then loads the page as if for the first time. */
async function load(room: Room, naru: Naru): Promise<Sample> {
  await using browser = await openNaruPage(room, naru);
  await browser.forgetPages(stopwatch);
  const cpuBefore = browser.cpuSeconds;
  await browser.open(`${naru.origin}/?#/files/`);
  await browser.until("globalThis.listedAfter");
  const seconds = Number(await browser.evaluate(paintedAfter)) / 1000;
  const list = Number(await browser.evaluate("globalThis.listedAfter")) / 1000;
  return { seconds, cpuSeconds: browser.cpuSeconds - cpuBefore, notes: { "list, s": list } };
}
