/** A server with all of its doors open in front of a folder or a bucket, and a folder in which programs run. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bucket } from "../harness/bucket.ts";
import { freePort } from "../harness/free-port.ts";
import { startNaru } from "../harness/naru-command.ts";
import { admin, serveNaru } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import { needs } from "../peers/needs.ts";
import type { Client, Command, Doors } from "./client.ts";

needs("ssh-keygen", "openssl");

export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
}

export interface Place extends AsyncDisposable {
  readonly doors: Doors;
  /** Make a folder of its own for one program. */
  folder(): Promise<string>;
  run(door: Client["door"], command: Command, cwd: string): Promise<Ended>;
  /** Put and get by HTTP, without the program. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Buffer | undefined>;
}

export async function openPlace(where: "folder" | "bucket"): Promise<Place> {
  await using opening = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "naru-clients-"));
  opening.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  const [sftpPort, ftpPort] = [await freePort(), await freePort()];
  const pair = { cert: join(dir, "cert.pem"), key: join(dir, "key.pem") };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"];
  await finished("openssl", ["req", "-x509", ...ec, "-days", "2", "-keyout", pair.key, "-out", pair.cert], dir);
  await finished("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "id"], dir);
  const bucket = where === "bucket" ? opening.use(await Bucket.make()) : undefined;
  const data = join(dir, "data");
  await mkdir(data);
  const server = opening.use(
    await serveNaru({
      dir: data,
      store: bucket?.storeUrl() ?? `file:${join(dir, "kept")}`,
      env: bucket?.credentials ?? {},
      args: [
        ...["--sftp", String(sftpPort), "--ftp", `127.0.0.1:${ftpPort}`],
        ...["--ftp-tls", `${pair.cert},${pair.key}`, "--ftp-allow-plain"],
      ],
    }),
  );
  await using adding = startNaru(server.origin, ["user", "key", "add", admin.user, "id.pub", "--data", "data"], dir);
  if ((await adding.exited) !== 0) throw new Error(adding.output);
  const hostKey = /ed25519 (SHA256:\S+)/.exec(server.output)?.[1] ?? "";
  const known = await finished("ssh-keyscan", ["-p", String(sftpPort), "127.0.0.1"], dir);
  const doors: Doors = { host: "127.0.0.1", sftpPort, ftpPort, origin: server.origin, ...admin, hostKey };
  const stack = opening.move();
  let folders = 0;
  return {
    doors,
    async folder() {
      const path = join(dir, `folder-${folders++}`);
      await mkdir(path);
      await writeFile(join(path, "known_hosts"), known);
      await writeFile(join(path, "ssh_config"), sshConfig(doors, join(dir, "id"), join(path, "known_hosts")));
      return path;
    },
    async run(door, { argv: [command = "", ...args], script, env = {} }, cwd) {
      if (script) await writeFile(join(cwd, "script"), `${script.join("\n")}\n`);
      await using program = new Program(command, args, { cwd, env: { ...environment(doors, door, cwd), ...env } });
      return { code: await program.exited, output: program.output };
    },
    async put(name, bytes) {
      const response = await fetch(`${doors.origin}/api/files/${name}`, {
        method: "PUT",
        body: Buffer.from(bytes),
        headers: authorization,
      });
      if (!response.ok) throw new Error(`Cannot put "${name}": ${response.status} ${await response.text()}`);
    },
    async get(name) {
      const response = await fetch(`${doors.origin}/api/files/${name}`, { headers: authorization });
      const bytes = Buffer.from(await response.arrayBuffer());
      return response.ok ? bytes : undefined;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const authorization = { authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` };

/** No settings of the machine's user, and the words that the scripts read. */
function environment(doors: Doors, door: Client["door"], cwd: string): Readonly<Record<string, string>> {
  return {
    HOME: cwd,
    LC_ALL: "C.UTF-8",
    NARU_HOST: doors.host,
    NARU_ORIGIN: doors.origin,
    NARU_USER: doors.user,
    NARU_PASSWORD: doors.password,
    NARU_PORT: String(door === "SFTP" ? doors.sftpPort : doors.ftpPort),
  };
}

function sshConfig({ sftpPort, user }: Doors, key: string, known: string): string {
  const lines = [`Port ${sftpPort}`, `User ${user}`, `IdentityFile ${key}`, `UserKnownHostsFile ${known}`];
  return `${[...lines, "IdentitiesOnly yes", "BatchMode yes", "LogLevel ERROR"].join("\n")}\n`;
}

async function finished(command: string, args: readonly string[], cwd: string): Promise<string> {
  await using program = new Program(command, args, { cwd });
  if ((await program.exited) !== 0) throw new Error(program.output);
  return program.stdout;
}
