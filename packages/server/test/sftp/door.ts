import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Files, Store } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { Accounts } from "../../src/accounts/accounts.ts";
import { PublicKeys } from "../../src/accounts/public-keys.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { type HostKey, hostKeys } from "../../src/sftp/host-keys.ts";
import { sftpServer } from "../../src/sftp/sftp-server.ts";
import type { SftpLimits } from "../../src/sftp/sftp-settings.ts";
import { openGateway } from "../gateway/opened-gateway.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";

needs("sftp", "ssh-keygen");

let made: Promise<readonly HostKey[]> | undefined;

/** Host keys that all doors of a test file show: an RSA key takes seconds to make. */
async function sharedHostKeys(): Promise<readonly HostKey[]> {
  made ??= tempFolder().then(async (folder) => {
    await using kept = folder;
    return await hostKeys(kept.path);
  });
  return made;
}

export interface OpenDoorOptions {
  readonly store?: Store & Files;
  readonly limits?: Partial<SftpLimits>;
}

/** An SFTP door on a port of its own over the gateway; "ann" enters with "secret", or with the key in `folder`. */
export async function openDoor({ store = memoryStore(), limits }: OpenDoorOptions = {}) {
  const folder = await tempFolder();
  const place = openGateway(store);
  const db = openDatabase(":memory:");
  const now = Date.now;
  const accounts = new Accounts(db, { now });
  const keys = new PublicKeys(db, { now });
  await accounts.create("ann", "secret", { anyPassword: true });
  await keys.add("ann", await makeKey(folder));
  const door = sftpServer({
    gateway: place.gateway,
    authenticate: {
      password: async (user, password) => {
        const account = await accounts.verify(user, password);
        return account && { account: account.name };
      },
      key: async (user, { blob }) => ((await keys.has(user, blob)) ? { account: user } : undefined),
    },
    hostKeys: await sharedHostKeys(),
    log: silentLog(),
    limits: { failureDelayMs: 1, ...limits },
  });
  const { port } = await door.listen({ host: "127.0.0.1", port: 0 });
  return {
    port,
    place,
    keys,
    store,
    folder,
    door,
    file: (name: string) => join(folder.path, name),
    async [Symbol.asyncDispose]() {
      await door.close();
      await place[Symbol.asyncDispose]();
      await db.destroy();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export type OpenDoor = Awaited<ReturnType<typeof openDoor>>;

async function makeKey(folder: TempFolder): Promise<string> {
  const file = join(folder.path, "id");
  await promisify(execFile)("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ann@home", "-f", file]);
  return readFile(`${file}.pub`, "utf8");
}

const noQuestions = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes"];

/** Options by which OpenSSH asks nobody. */
export function sshOptions({ file }: Pick<OpenDoor, "file">): string[] {
  return [...noQuestions, `IdentityFile=${file("id")}`, "LogLevel=ERROR"].flatMap((option) => ["-o", option]);
}

/** Begin OpenSSH's sftp with a batch of commands. */
export async function beginSftp(door: OpenDoor, commands: readonly string[], options: readonly string[] = []) {
  const batch = door.file(`batch-${Math.random()}`);
  await writeFile(batch, `${commands.join("\n")}\n`);
  return new Program("sftp", [...sshOptions(door), ...options, "-P", String(door.port), "-b", batch, "ann@127.0.0.1"]);
}

/** Run OpenSSH's sftp to its end; what it printed. */
export async function sftp(door: OpenDoor, commands: readonly string[], options: readonly string[] = []) {
  await using program = await beginSftp(door, commands, options);
  const code = await program.exited;
  if (code !== 0) throw new Error(`sftp ended with ${code}:\n${program.output}`);
  return program.stdout;
}

/** Run a program to its end. */
export async function run(command: string, args: readonly string[]): Promise<{ code: unknown; output: string }> {
  await using program = new Program(command, args);
  return { code: await program.exited, output: program.output };
}
