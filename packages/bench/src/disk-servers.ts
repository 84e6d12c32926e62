/** What serves a folder by SFTP and FTP where nothing else is asked for: OpenSSH's own server, and vsftpd. */

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { background, type Daemon, daemon, output } from "./command.ts";
import { keyOf, type SftpServer } from "./gateway.ts";
import { freePort } from "./naru.ts";
import type { Room } from "./room.ts";

/** Start Debian's OpenSSH server, whose SFTP server keeps files in `folder`. */
export async function startOpenSsh(room: Room, folder: string): Promise<SftpServer & { readonly pid: number }> {
  const { host } = room.options;
  const port = await freePort(host);
  const key = await keyOf(room);
  const hostKey = join(room.dir, "openssh-host-key");
  await output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
  await mkdir("/run/sshd", { recursive: true });
  const config = join(room.dir, "sshd_config");
  const lines = [
    `ListenAddress ${host}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${key}.pub`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    // The same server, but not started by a login shell.
    `Subsystem sftp internal-sftp -d ${folder}`,
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  const sshd = ["/usr/sbin/sshd", "-D", "-e", "-f", config, "-p", String(port)];
  const { pid } = room.keep(await daemon(sshd, /Server listening/));
  return { host, port, user: "root", key, pid };
}

export interface FtpPlace {
  /** Where `curl` finds a file of that name. */
  url(name: string): string;
  readonly pid: number;
}

/** Start Debian's vsftpd, which takes anybody's files into `folder`. */
export async function startVsftpd(room: Room, folder: string): Promise<FtpPlace> {
  const { host } = room.options;
  const port = await freePort(host);
  // Anonymous users may not write into their root itself.
  await mkdir(join(folder, "up"), { recursive: true });
  await chmod(join(folder, "up"), 0o777);
  for (let dir = folder; dir.startsWith(room.dir); dir = join(dir, "..")) await chmod(dir, 0o755);
  const config = join(room.dir, "vsftpd.conf");
  const settings = {
    listen: "YES",
    listen_address: host,
    listen_port: port,
    background: "NO",
    anonymous_enable: "YES",
    no_anon_password: "YES",
    anon_root: folder,
    anon_upload_enable: "YES",
    anon_other_write_enable: "YES",
    anon_umask: "022",
    write_enable: "YES",
    // It ends children that call what it does not know, and new C libraries do.
    seccomp_sandbox: "NO",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(config, `${lines.join("\n")}\n`);
  const server: Daemon = room.keep(background(["/usr/sbin/vsftpd", config]));
  await answering(host, port);
  return { pid: server.pid, url: (name) => `ftp://${host}:${port}/up/${name}` };
}

/** It prints nothing when it is ready. */
async function answering(host: string, port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port }, () => resolve(true));
      socket.once("data", () => socket.destroy());
      socket.once("error", () => resolve(false));
    });
    if (answers) return;
    await wait(100);
  }
  throw new Error("Cannot start vsftpd: it does not listen");
}
