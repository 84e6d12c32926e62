/** OpenSSH's own server for tests, with keys and a folder of its own. */

import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../../../test/harness/free-port.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import type { SftpStoreOptions } from "../../src/stores/sftp-store.ts";
import { killTree } from "./kill-tree.ts";
import { tempFolder } from "./temp-folder.ts";

needs("/usr/sbin/sshd", "/usr/lib/openssh/sftp-server", "ssh-keygen");

const run = promisify(execFile);

export interface OpenSshServer extends AsyncDisposable {
  readonly port: number;
  /** The folder in which its files lie. */
  readonly files: string;
  readonly target: SftpStoreOptions;
  /** Kill the server and the sessions that it leads, as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Give it another key of its own, used from its next start on; tell the fingerprint. */
  changeKey(): Promise<string>;
}

/** Start sshd; `subsystem` are further words for its sftp-server. */
export async function openSsh({ subsystem = "" } = {}): Promise<OpenSshServer> {
  const folder = await tempFolder();
  const files = join(folder.path, "받은 파일");
  await mkdir(files);
  const hostKey = join(folder.path, "host_key");
  const userKey = join(folder.path, "user_key");
  for (const file of [hostKey, userKey]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  await writeFile(join(folder.path, "authorized_keys"), await readFile(`${userKey}.pub`));
  const port = await freePort();
  const config = join(folder.path, "sshd_config");
  await writeFile(config, settings(folder.path, port, subsystem));
  let server = await startServer(config, port);
  const fingerprint = await fingerprintOf(hostKey);
  const kill = (): Promise<void> => killTree(server);
  return {
    port,
    files,
    target: {
      host: "127.0.0.1",
      port,
      user: userInfo().username,
      privateKey: await readFile(userKey, "utf8"),
      hostKey: fingerprint,
      folder: files,
    },
    kill,
    async start() {
      server = await startServer(config, port);
    },
    async changeKey() {
      for (const file of [hostKey, `${hostKey}.pub`]) await rm(file);
      await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
      return fingerprintOf(hostKey);
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function fingerprintOf(key: string): Promise<string> {
  const { stdout } = await run("ssh-keygen", ["-l", "-f", `${key}.pub`]);
  return stdout.split(" ")[1] ?? "";
}

function settings(folder: string, port: number, subsystem: string): string {
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    "PermitRootLogin yes",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    `Subsystem sftp /usr/lib/openssh/sftp-server ${subsystem}`,
    "",
  ].join("\n");
}

async function startServer(config: string, port: number): Promise<Program> {
  await mkdir("/run/sshd", { recursive: true });
  const server = new Program("/usr/sbin/sshd", ["-D", "-e", "-f", config]);
  await server.printed(/Server listening/);
  await reached(port);
  return server;
}

async function reached(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
