/** vsftpd, the FTP server of many hosts, for tests: over TLS, and strict about it. */

import { execFile } from "node:child_process";
import { chmod, chown, mkdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../../../test/harness/free-port.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { killTree } from "./kill-tree.ts";
import type { FtpServer } from "./pyftpdlib.ts";
import { tempFolder } from "./temp-folder.ts";

needs("/usr/sbin/vsftpd", "openssl");

const run = promisify(execFile);

/** Start vsftpd with a certificate of its own. */
export async function vsftpd(secure: "explicit" | "implicit"): Promise<FtpServer> {
  const folder = await tempFolder();
  await chmod(folder.path, 0o755);
  const root = join(folder.path, "root");
  const files = join(root, "files");
  await mkdir(files, { recursive: true });
  const { stdout } = await run("id", ["-u", "ftp"]);
  await chown(files, Number(stdout), Number(stdout));
  const certificate = await makeCertificate(folder.path);
  const port = await freePort();
  const config = join(folder.path, "vsftpd.conf");
  await writeFile(config, settings(folder.path, port, secure));
  // It insists that its settings belong to who runs it.
  const begin = async (): Promise<Program> => {
    const program = new Program("/usr/sbin/vsftpd", [config]);
    await listening(port, program);
    return program;
  };
  let server = await begin();
  return {
    files,
    target: { host: "127.0.0.1", port, user: "anonymous", password: "nari", secure, ca: certificate, folder: "files" },
    kill: () => killTree(server),
    async start() {
      server = await begin();
    },
    async [Symbol.asyncDispose]() {
      await killTree(server);
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function makeCertificate(folder: string): Promise<string> {
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const key = ["-newkey", "rsa:2048", "-nodes", "-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  await run("openssl", ["req", "-x509", "-days", "2", ...names, ...key]);
  return readFile(join(folder, "cert.pem"), "utf8");
}

function settings(folder: string, port: number, secure: "explicit" | "implicit"): string {
  const yes = [
    "listen",
    "anonymous_enable",
    "write_enable",
    "anon_upload_enable",
    "anon_mkdir_write_enable",
    "anon_other_write_enable",
    "no_anon_password",
    "ssl_enable",
    "allow_anon_ssl",
    "force_anon_logins_ssl",
    "force_anon_data_ssl",
    "require_ssl_reuse",
  ];
  const lines = [
    ...yes.map((name) => `${name}=YES`),
    "background=NO",
    "local_enable=NO",
    "seccomp_sandbox=NO",
    "anon_world_readable_only=NO",
    "anon_umask=022",
    `implicit_ssl=${secure === "implicit" ? "YES" : "NO"}`,
    "listen_address=127.0.0.1",
    `listen_port=${port}`,
    `anon_root=${folder}/root`,
    `rsa_cert_file=${folder}/cert.pem`,
    `rsa_private_key_file=${folder}/key.pem`,
    "ssl_ciphers=HIGH",
    "",
  ];
  return lines.join("\n");
}

/** It says nothing when it is ready: ask until it answers or ends. */
async function listening(port: number, program: Program): Promise<void> {
  while (program.running) {
    const there = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (there) return;
  }
  throw new Error(`vsftpd ended: ${program.output}`);
}
