/** Naru's own ways between the near end and the bucket. */

import { rm } from "node:fs/promises";
import type { Sample } from "./contest.ts";
import type { Gateway } from "./gateway.ts";
import { measured, withServer } from "./measured.ts";
import { type Naru, password } from "./naru.ts";
import { pageDownload, pageUpload, plainDownload } from "./naru-page.ts";
import { lftpWay, sftpWay } from "./peers/sftp.ts";
import type { Room } from "./room.ts";
import type { Carried, Way } from "./way.ts";

/** Every way through one server with both doors. */
export function ourWays(room: Room, gateway: Gateway): readonly Way[] {
  const { naru, sftp, ftpPort } = gateway;
  const { pid } = naru;
  const place = { room, server: sftp, pid };
  const { near: prefix, host } = room.options;
  const run = (command: readonly string[]): Promise<Sample> =>
    withServer(pid, () => measured(command, { prefix, env: naru.clientEnv }));
  const put = (file: string, route: string): Promise<Sample> =>
    run(naru.commandLine(["put", file, "--route", route, "--json"]));
  const curl = ["curl", "-sS", "--fail", "-o"];
  const file = (key: string): string => `${naru.signedInOrigin}/api/files/${key}`;
  const ftp = (key: string): string => `ftp://admin:${encodeURIComponent(password)}@${host}:${ftpPort}/${key}`;
  const get = async (key: string, to: string): Promise<Sample> => {
    await rm(to, { force: true });
    return run(naru.commandLine(["get", key, to]));
  };
  return [
    { name: "naru direct", up: (it) => put(it.file, "direct"), down: (it) => get(it.key, it.file) },
    { name: "naru proxy", up: (it) => put(it.file, "proxy") },
    {
      name: "naru proxy by curl",
      up: (it) => run([...curl, "/dev/null", "-T", it.file, file(it.key)]),
      down: (it) => run([...curl, it.file, file(it.key)]),
    },
    sftpWay("naru SFTP by sftp", place),
    lftpWay("naru SFTP by lftp", place),
    {
      name: "naru FTP by curl",
      up: (it) => run([...curl, "/dev/null", "-T", it.file, ftp(it.key)]),
      down: (it) => run([...curl, it.file, ftp(it.key)]),
    },
    {
      name: "naru direct by Chromium",
      up: (it) => withServer(pid, () => pageUpload(room, naru, [it.file])),
      down: (it) => withServer(pid, () => chromiumDownload(room, naru, it)),
    },
  ];
}

/** A file below 64 MB is saved by the browser itself: `<naru-downloads>` leaves it to a link. */
const worthResuming = 64_000_000;

function chromiumDownload(room: Room, naru: Naru, { key, bytes }: Carried): Promise<Sample> {
  return bytes < worthResuming ? plainDownload(room, naru, { path: key, size: bytes }) : pageDownload(room, naru, key);
}
