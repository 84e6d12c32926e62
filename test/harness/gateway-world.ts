/** A server with its SFTP and FTP doors open in front of a bucket, and the clients that people use. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../peers/needs.ts";
import { type BucketWorld, bucketWorld } from "./bucket-world.ts";
import { freePort } from "./free-port.ts";
import { startNaru } from "./naru-command.ts";
import { admin } from "./naru-server.ts";
import { Program } from "./program.ts";
import { TcpWire } from "./tcp-wire.ts";

needs("curl", "sftp", "lftp", "ssh-keygen", "openssl");

export interface GatewayWorld extends BucketWorld {
  /** The wire to the SFTP door. */
  readonly ssh: TcpWire;
  readonly sftpPort: number;
  readonly ftpPort: number;
  /** Start a client; `admin` enters SFTP by the key "id", too. */
  start(command: readonly string[]): Program;
  /** Run a client to its end; what it printed. @throws when it fails */
  run(command: readonly string[]): Promise<string>;
  /** OpenSSH's sftp with a batch of commands. */
  sftp(...commands: readonly string[]): Promise<readonly string[]>;
}

/** Open the doors of a server; FTP over TLS with a certificate of its own, or in the clear. */
export async function gatewayWorld(): Promise<GatewayWorld> {
  const [sftpPort, ftpPort] = [await freePort(), await freePort()];
  const stack = new AsyncDisposableStack();
  const files = stack.use(await certificate());
  const tls = ["--ftp-tls", `${files.cert},${files.key}`, "--ftp-allow-plain", "--ftp-session-reuse"];
  const args = ["--sftp", String(sftpPort), "--ftp", `127.0.0.1:${ftpPort}`, ...tls];
  const world = stack.use(await bucketWorld({ args, cors: false }));
  const ssh = stack.use(await TcpWire.to(sftpPort));
  const start = ([command = "", ...words]: readonly string[]): Program =>
    new Program(command, words, { cwd: world.dir, env: { HOME: world.dir, LC_ALL: "C.UTF-8" } });
  const run = async (command: readonly string[]): Promise<string> => {
    await using program = start(command);
    const code = await program.exited;
    if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${program.output}`);
    return program.stdout;
  };
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "id"]);
  await using adding = startNaru(
    world.origin,
    ["user", "key", "add", admin.user, "id.pub", "--data", "data"],
    world.dir,
  );
  if ((await adding.exited) !== 0) throw new Error(adding.output);
  let batches = 0;
  const sftp = async (...commands: readonly string[]): Promise<readonly string[]> => {
    const batch = world.file(`batch-${batches++}`);
    await writeFile(batch, `${commands.join("\n")}\n`);
    return ["sftp", ...sshOptions, "-P", String(ssh.port), "-b", batch, `${admin.user}@127.0.0.1`];
  };
  return {
    ...world,
    ssh,
    sftpPort,
    ftpPort,
    start,
    run,
    sftp,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Options by which OpenSSH asks nobody. */
const sshOptions: readonly string[] = [
  ...["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentitiesOnly=yes"],
  ...["IdentityFile=id", "LogLevel=ERROR"],
].flatMap((option) => ["-o", option]);

/** lftp at a door, with commands. */
export function lftp({ ftpPort, ssh }: GatewayWorld, door: "sftp" | "ftps", commands: string): readonly string[] {
  const connect = `ssh -a -x ${sshOptions.join(" ")}`;
  const settings = [
    ...["net:max-retries 1", "net:timeout 20", "cmd:fail-exit yes", `sftp:connect-program "${connect}"`],
    ...["ssl:verify-certificate no", "ftp:ssl-force yes", "ftp:ssl-protect-data yes"],
  ].map((setting) => `set ${setting};`);
  const where = door === "sftp" ? `-p ${ssh.port} sftp://127.0.0.1` : `-p ${ftpPort} ftp://127.0.0.1`;
  return ["lftp", "-c", `${settings.join(" ")} open -u ${admin.user},${admin.password} ${where}; ${commands}`];
}

/** curl at a door, as `admin`; the last argument is a path. */
export function curl(
  { ftpPort, ssh }: GatewayWorld,
  door: "sftp" | "ftp" | "ftps",
  ...args: readonly string[]
): readonly string[] {
  const path = (args.at(-1) ?? "").split("/").map(encodeURIComponent).join("/");
  const origin = door === "sftp" ? `sftp://127.0.0.1:${ssh.port}` : `ftp://127.0.0.1:${ftpPort}`;
  const secure = door === "ftps" ? ["--ssl-reqd"] : [];
  const who = ["-q", "-sS", "-k", "--user", `${admin.user}:${admin.password}`];
  return ["curl", ...who, ...secure, ...args.slice(0, -1), `${origin}/${path}`];
}

async function certificate(): Promise<AsyncDisposable & { readonly cert: string; readonly key: string }> {
  const dir = await mkdtemp(join(tmpdir(), "naru-cert-"));
  const [cert, key] = [join(dir, "cert.pem"), join(dir, "key.pem")];
  const what = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"];
  await using made = new Program("openssl", ["req", "-x509", ...what, "-days", "2", "-keyout", key, "-out", cert]);
  if ((await made.exited) !== 0) throw new Error(made.output);
  return { cert, key, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}
