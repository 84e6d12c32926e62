/** A peer of the page: the same browser, the same files, the peers' own page. */

import { join } from "node:path";
import type { Bucket } from "./bucket.ts";
import type { Chromium } from "./chromium.ts";
import { daemon } from "./command.ts";
import type { Competitor, Sample } from "./contest.ts";
import { type PeerServer, peerServer } from "./peer-server.ts";
import type { Room } from "./room.ts";

/** What a peer on the page works with. */
export interface PeerPage {
  readonly room: Room;
  readonly server: PeerServer;
  readonly bucket: Bucket;
  /** Where `@tus/server` listens, if it runs. */
  readonly tusEndpoint?: string;
}

/** Every peer on the page, by the name that its row has. */
const uploaders = {
  "loop of slices, 16 MiB x 4": "sliceLoop",
  "Uppy 5": "uppy",
  "Uppy 6": "uppy6",
  "tus-js-client, @tus/server": "tus",
  "lib-storage": "libStorage",
} as const;

/** A peer on the page. */
export type PagePeer = keyof typeof uploaders;

export const pagePeers: readonly PagePeer[] = [
  "loop of slices, 16 MiB x 4",
  "Uppy 5",
  "Uppy 6",
  "tus-js-client, @tus/server",
  "lib-storage",
];

/** Serve the peers' page for the room's bucket, and start the tus server in front of it. */
export async function servePeers(room: Room): Promise<PeerPage> {
  const bucket = await room.bucket();
  const { host } = room.options;
  const server = room.keep(await peerServer(bucket, { host, dir: join(room.dir, "page") }));
  const script = new URL("./tus-host.ts", import.meta.url).pathname;
  const store = JSON.stringify({ ...bucket.s3, bucket: bucket.name });
  const tusHost = room.keep(await daemon([process.execPath, script, host, store], /^ready /));
  return { room, server, bucket, tusEndpoint: tusHost.readyLine.slice("ready ".length) };
}

/** A peer that uploads the same files in every round. */
export function pageCompetitor(page: PeerPage, name: PagePeer, files: readonly string[]): Competitor {
  return { name, run: () => page.bucket.emptiedAfter(peerUpload(page, uploaders[name], files)) };
}

/** Upload files with one of `page/peers.ts` in a fresh browser. */
export async function peerUpload(page: PeerPage, peer: string, files: readonly string[]): Promise<Sample> {
  await using browser = await openPeerPage(page, files);
  const cpuBefore = browser.cpuSeconds;
  const seconds = Number(await browser.evaluate(raceCall(page.bucket, peer, page.tusEndpoint)));
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

/** The peers' page with its files chosen, in a fresh browser or one with a profile that it had before. */
export async function openPeerPage(
  { room, server }: PeerPage,
  files: readonly string[],
  profile?: string,
): Promise<Chromium> {
  const browser = await room.chromium(server.origin, { profile });
  await browser.until("globalThis.race");
  await browser.chooseFiles(`document.querySelector("input")`, files);
  return browser;
}

/** JavaScript that starts a peer; its value is a promise of the seconds it took. */
export function raceCall({ s3, name }: Bucket, peer: string, tusEndpoint = ""): string {
  const { endpoint, accessKey, secretKey } = s3;
  return `race("${peer}", "${peer}/", ${JSON.stringify({ endpoint, bucket: name, accessKey, secretKey, tusEndpoint })})`;
}
