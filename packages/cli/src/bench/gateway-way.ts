/** The ways through the server's SFTP and FTP doors, as the desktop agent goes them. */

import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ftpStore, type RemoteStore, sftpStore } from "@naru/agent/stores";
import { openDigester, openFileSource, systemClock } from "@naru/client/node";
import { type DigestPart, Transfer, type WireGateway } from "@naru/core";
import { eachAtOnce } from "../each-at-once.ts";
import type { LocalFile } from "../local-files.ts";
import type { Remote } from "../remote.ts";
import { type BenchWay, type CarryOptions, counted } from "./bench-way.ts";

/** Who signs in there: a password, or an API token in its place. */
export interface GatewayUser {
  readonly user: string;
  readonly password: string;
}

export function gatewayWay(
  way: "sftp" | "ftp",
  gateway: WireGateway,
  remote: Remote,
  { user, password }: GatewayUser,
): BenchWay {
  const host = gateway.host ?? new URL(remote.origin).hostname.replace(/^\[|\]$/gu, "");
  const { port, hostKey, kind } = gateway;
  const open = (connections: number): RemoteStore =>
    kind === "sftp"
      ? sftpStore({ host, port, user, password, hostKey, connections })
      : ftpStore({ host, port, user, password, secure: kind === "ftps" ? "explicit" : false, connections });
  return {
    way,
    async send(files, folder, options) {
      await using store = open(Math.min(options.parallel, 4));
      await using digester = openDigester();
      await eachAtOnce(files, options.parallel, (local) =>
        send(store, local, { folder, digest: digester.digest }, options),
      );
    },
    async fetch(files, { parallel, onBytes, signal }) {
      await using store = open(Math.min(parallel, 4));
      await eachAtOnce(files, parallel, async ({ path, to }) => {
        const stream = await store.read(path, { signal });
        await pipeline(counted(stream, onBytes), createWriteStream(to));
      });
    },
  };
}

async function send(
  store: RemoteStore,
  local: LocalFile,
  { folder, digest }: { readonly folder: string; readonly digest: DigestPart },
  { onBytes, signal }: CarryOptions,
): Promise<void> {
  await using source = await openFileSource(local.file);
  let before = 0;
  const transfer = new Transfer(
    source,
    store,
    { path: folder + local.path, size: source.size },
    {
      clock: systemClock,
      random: Math.random,
      digest,
      onProgress: ({ bytesSent }) => {
        onBytes(bytesSent - before);
        before = bytesSent;
      },
    },
  );
  await transfer.run({ signal });
}
