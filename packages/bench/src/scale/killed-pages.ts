/** Browsers that are killed half-way: each begins again with the profile that it had, and the same file is chosen once more. */

import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { Bucket } from "../bucket.ts";
import type { Chromium } from "../chromium.ts";
import { chooseOnNaruPage, openNaruPage, uploadedOnNaruPage } from "../naru-page.ts";
import { openPeerPage, type PeerPage, raceCall, servePeers } from "../peer-page.ts";
import { peerServer } from "../peer-server.ts";
import type { Room } from "../room.ts";
import { countingRelay } from "./counting-relay.ts";
import { type Between, type KilledWay, target } from "./killed-client.ts";

interface KilledPage {
  /** Open the page with a profile, and give it the file: it sends then. */
  readonly choose: (profile: string) => Promise<Chromium>;
  readonly arrived: (browser: Chromium) => Promise<unknown>;
}

export async function pagesToKill(room: Room, { bucket, toStore, file }: Between): Promise<readonly KilledWay[]> {
  const { host } = room.options;
  const endpoint = `http://${host}:${toStore.port}`;
  const naru = await room.naruOnBucket({ endpoints: [endpoint] });
  const peers = await servePeers(room);
  const toTus = room.keep(await countingRelay(host, Number(new URL(peers.tusEndpoint ?? "").port)));
  const relayed = new Bucket({ ...bucket.s3, endpoint }, bucket.name);
  const through: PeerPage = {
    room,
    server: room.keep(await peerServer(relayed, { host, dir: join(room.dir, "killed-page") })),
    bucket: relayed,
    tusEndpoint: (peers.tusEndpoint ?? "").replace(/:\d+/, `:${toTus.port}`),
  };
  const ours: KilledPage = {
    choose: async (profile) => {
      const browser = await openNaruPage(room, naru, profile);
      await chooseOnNaruPage(browser, [file]);
      return browser;
    },
    arrived: uploadedOnNaruPage,
  };
  return [
    { name: "Chromium, naru", target, counted: () => toStore.up, ...killed(room, ours) },
    { name: "Uppy 5", counted: () => toStore.up, ...killed(room, peer(through, "uppy", file)) },
    { name: "tus-js-client, @tus/server", counted: () => toTus.up, ...killed(room, peer(through, "tus", file)) },
  ];
}

function peer(page: PeerPage, name: string, file: string): KilledPage {
  return {
    choose: async (profile) => {
      const browser = await openPeerPage(page, [file], profile);
      await browser.evaluate(`globalThis.racing = ${raceCall(page.bucket, name, page.tusEndpoint)}, true`);
      return browser;
    },
    arrived: (browser) => browser.evaluate("racing"),
  };
}

function killed(room: Room, { choose, arrived }: KilledPage): Pick<KilledWay, "begin" | "again"> {
  let profile = "";
  return {
    begin: async () => {
      profile = await mkdtemp(join(room.dir, "profile-"));
      const browser = await choose(profile);
      return () => browser.kill();
    },
    again: async () => {
      await using browser = await choose(profile);
      await arrived(browser);
    },
  };
}
