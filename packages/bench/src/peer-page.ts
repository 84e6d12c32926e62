/** A peer of the page: the same browser, the same files, the peers' own page. */

import type { Bucket } from "./bucket.ts";
import type { Chromium } from "./chromium.ts";
import type { Sample } from "./contest.ts";
import type { PeerServer } from "./peer-server.ts";
import type { Room } from "./room.ts";

/** What a peer on the page works with. */
export interface PeerPage {
  readonly room: Room;
  readonly server: PeerServer;
  readonly bucket: Bucket;
}

/** Upload files with one of `page/peers.ts` in a fresh browser. */
export async function peerUpload(page: PeerPage, peer: string, files: readonly string[]): Promise<Sample> {
  await using browser = await openPeerPage(page, files);
  const cpuBefore = browser.cpuSeconds;
  const seconds = Number(await browser.evaluate(raceCall(page.bucket, peer)));
  return { seconds, cpuSeconds: browser.cpuSeconds - cpuBefore };
}

/** Download into the browser's own file system with a bare loop of so many ranges, in a fresh browser. */
export async function peerDownload(
  { room, server }: PeerPage,
  { key, size, ranges }: { readonly key: string; readonly size: number; readonly ranges: number },
): Promise<Sample> {
  await using browser = await room.chromium(server.origin);
  await browser.until("globalThis.fetchLoop");
  const cpuBefore = browser.cpuSeconds;
  const seconds = Number(await browser.evaluate(`fetchLoop(${JSON.stringify(key)}, ${size}, ${ranges})`));
  return { seconds, cpuSeconds: browser.cpuSeconds - cpuBefore };
}

/** The peers' page with its files chosen. */
export async function openPeerPage({ room, server }: PeerPage, files: readonly string[]): Promise<Chromium> {
  const browser = await room.chromium(server.origin);
  await browser.until("globalThis.race");
  await browser.chooseFiles(`document.querySelector("input")`, files);
  return browser;
}

/** JavaScript that starts a peer; its value is a promise of the seconds it took. */
export function raceCall({ s3, name }: Bucket, peer: string): string {
  const { endpoint, accessKey, secretKey } = s3;
  return `race("${peer}", "${peer}/", ${JSON.stringify({ endpoint, bucket: name, accessKey, secretKey })})`;
}
