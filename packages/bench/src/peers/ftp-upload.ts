/** The source document's proposed way: an FTP server that uploads what it has received whole (Debian's pyftpdlib, boto3). */

import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Daemon, daemon } from "../command.ts";
import { measured, withServer } from "../measured.ts";
import { freePort } from "../naru.ts";
import type { Room } from "../room.ts";
import { bucketEnv, type Way } from "../way.ts";

const script = new URL("./ftp-server.py", import.meta.url).pathname;

/** Downloads are of what lies on the server's disk: `hold` puts it there, unmeasured. */
export interface FtpUploadWay extends Way {
  hold(file: string, key: string): Promise<void>;
}

export async function ftpUploadWay(room: Room): Promise<FtpUploadWay> {
  const { host, near: prefix } = room.options;
  const port = await freePort(host);
  const folder = join(room.dir, "ftp");
  await mkdir(folder);
  const command = ["/usr/bin/python3", script, host, String(port), folder];
  const server = room.keep(await daemon(command, /^ready/, { env: bucketEnv(room, await room.bucket()) }));
  const url = (key: string): string => `ftp://bench:bench@${host}:${port}/${key}`;
  const curl = ["curl", "-sS", "-o"];
  return {
    name: "FTP (pyftpdlib), then upload_file",
    hold: (file, key) => copyFile(file, join(folder, key)),
    up: ({ file, key }) =>
      withServer(server.pid, async () => {
        const sent = measured([...curl, "/dev/null", "-T", file, url(key)], { prefix });
        const [at, sample] = await Promise.all([storedAt(server, key), sent]);
        await rm(join(folder, key));
        return { ...sample, seconds: at - sample.startedAt };
      }),
    down: ({ file, key }) => withServer(server.pid, () => measured([...curl, file, url(key)], { prefix })),
  };
}

/** When the server has the file in the bucket, by the clock of this machine. */
function storedAt({ child }: Daemon, key: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  if (child.stdout === null) throw new Error("Cannot hear the FTP server: it has no output");
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [word, name, at] = line.split(" ");
    if (word === "stored" && name === key) resolve(Number(at));
  });
  child.once("exit", () => reject(new Error(`Cannot store "${key}": the FTP server ended`)));
  return promise.finally(() => lines.close());
}
