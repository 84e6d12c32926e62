/** SFTP by the clients that people have, with their own choice of ciphers: OpenSSH's `sftp`, and lftp. */

import { writeFile } from "node:fs/promises";
import type { Sample } from "../contest.ts";
import type { SftpServer } from "../gateway.ts";
import { measured, withServer } from "../measured.ts";
import type { Room } from "../room.ts";
import type { Carried, Way } from "../way.ts";

export interface SftpPlace {
  readonly room: Room;
  readonly server: SftpServer;
  /** The server's process. */
  readonly pid: number;
}

const trusting = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];

export function sftpWay(name: string, { room, server, pid }: SftpPlace): Way {
  const { host, key, port, user } = server;
  const options = ["BatchMode=yes", ...trusting, `IdentityFile=${key}`].flatMap((option) => ["-o", option]);
  const run = async (line: string): Promise<Sample> => {
    const batch = `${key}.batch`;
    await writeFile(batch, line);
    const command = ["sftp", "-q", ...options, "-P", String(port), "-b", batch, `${user}@${host}`];
    return withServer(pid, () => measured(command, { prefix: room.options.near }));
  };
  return {
    name,
    up: ({ file, key: to }) => run(`put ${file} ${to}\n`),
    down: ({ file, key: from }) => run(`get ${from} ${file}\n`),
  };
}

export function lftpWay(name: string, { room, server, pid }: SftpPlace): Way {
  const { host, key, port, user } = server;
  const ssh = ["ssh", "-a", "-x", "-i", key, ...trusting.flatMap((option) => ["-o", option])].join(" ");
  const setup = `set sftp:connect-program "${ssh}"; open -u ${user},x -p ${port} sftp://${host}`;
  const run = (does: string): Promise<Sample> =>
    withServer(pid, () => measured(["lftp", "-c", `${setup}; ${does}`], { prefix: room.options.near }));
  return {
    name,
    up: ({ file, key: to }: Carried) => run(`put ${file} -o ${to}`),
    down: ({ file, key: from }: Carried) => run(`get ${from} -o ${file}`),
  };
}
