/** Doors for SFTP and FTP in front of the same bucket: Naru's, and `rclone serve sftp`; and the clients that send to them. */

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CommandOptions, daemon, output, timed } from "./command.ts";
import type { Sample } from "./contest.ts";
import { curlPut } from "./curl.ts";
import { freePort, type Naru, password } from "./naru.ts";
import type { Room } from "./room.ts";

/** An SFTP server that lets the room's key in. */
export interface SftpServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The key's file. */
  readonly key: string;
}

export interface Gateway {
  readonly naru: Naru;
  readonly sftp: SftpServer;
  readonly ftpPort: number;
  /** Send a file by `curl -T` over FTP. */
  ftpPut(file: string, name: string, options?: CommandOptions): Promise<Sample>;
}

/** The checkout that the build before is run from, if there is one to compare with. */
export const buildBefore: string | undefined = process.env["NARU_BENCH_BEFORE"];

export interface GatewayOptions {
  /** Another checkout, whose server is run. */
  readonly root?: string | undefined;
  /** A folder to keep files in, in place of the room's bucket. */
  readonly folder?: string | undefined;
}

/** Start Naru with both doors open. */
export async function startGateway(room: Room, { folder, root }: GatewayOptions = {}): Promise<Gateway> {
  const { host } = room.options;
  const [port, ftpPort] = [await freePort(host), await freePort(host)];
  const args = ["--sftp", String(port), "--ftp", String(ftpPort)];
  const naru = await (folder === undefined
    ? room.naruOnBucket({ args, root })
    : room.naru(`file:${folder}`, { args, root }));
  const key = await keyOf(room);
  await output(naru.commandLine(["user", "key", "add", "admin", `${key}.pub`, "--data", naru.dataDir]));
  return {
    naru,
    ftpPort,
    sftp: { host, port, user: "admin", key },
    ftpPut: (file, name, options) =>
      curlPut(file, `ftp://admin:${encodeURIComponent(password)}@${host}:${ftpPort}/${name}`, options),
  };
}

/** Start Debian's `rclone serve sftp` in front of the room's bucket. */
export async function startRclone(room: Room): Promise<SftpServer & { readonly pid: number }> {
  const { host } = room.options;
  const { s3, name } = await room.bucket();
  const port = await freePort(host);
  const key = await keyOf(room);
  const keys = join(room.dir, "authorized_keys");
  await appendFile(keys, await readFile(`${key}.pub`));
  const where = `provider=Ceph,endpoint="${s3.endpoint}",access_key_id=${s3.accessKey},secret_access_key=${s3.secretKey}`;
  const command = ["rclone", "serve", "sftp", "-v", "--addr", `${host}:${port}`, "--authorized-keys", keys];
  // With a bundle of certificates rclone 1.60 does not start at all; loopback has none.
  const env = { HOME: room.dir, AWS_CA_BUNDLE: "" };
  const { pid } = room.keep(await daemon([...command, `:s3,${where}:${name}`], /listening on/i, { env }));
  return { host, port, user: "rclone", key, pid };
}

/** Send a file by OpenSSH's `sftp` with AES-128-GCM. */
export function sftpPut(server: SftpServer, file: string, name: string, options?: CommandOptions): Promise<Sample> {
  return sftp(server, name, `put ${file} ${name}\n`, options);
}

/** Fetch a file in the same way. */
export function sftpGet(server: SftpServer, name: string, file: string, options?: CommandOptions): Promise<Sample> {
  return sftp(server, name, `get ${name} ${file}\n`, options);
}

async function sftp(
  { host, key, port, user }: SftpServer,
  name: string,
  lines: string,
  options: CommandOptions = {},
): Promise<Sample> {
  const batch = `${key}-${name}.batch`;
  await writeFile(batch, lines);
  const quiet = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  const how = [...quiet, "Ciphers=aes128-gcm@openssh.com", `IdentityFile=${key}`].flatMap((option) => ["-o", option]);
  return timed(["sftp", "-q", ...how, "-P", String(port), "-b", batch, `${user}@${host}`], options);
}

/** The room's key, made when it is first asked for. */
export async function keyOf({ dir }: Room): Promise<string> {
  const key = join(dir, "bench-key");
  const there = await readFile(key).then(
    () => true,
    () => false,
  );
  if (!there) await output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  return key;
}
