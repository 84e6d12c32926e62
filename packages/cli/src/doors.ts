/** What the options of `naru serve` say of the SFTP and FTP doors. */

import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";
import { join, resolve } from "node:path";
import type { TicketRoute } from "@naru/core";
import type { ServerOptions } from "@naru/server";
import { UsageError } from "./exit-code.ts";

/** As the command line gives them. */
export interface DoorCommand {
  readonly host: string;
  readonly sftp?: string | undefined;
  readonly sftpKeys?: string | undefined;
  readonly ftp?: string | undefined;
  readonly ftpTls?: string | undefined;
  readonly ftpAllowPlain?: boolean | undefined;
  readonly ftpSessionReuse?: boolean | undefined;
  readonly ftpActive?: boolean | undefined;
  readonly ftpPassive?: string | undefined;
  readonly ftpAddress?: string | undefined;
  readonly doorHost?: string | undefined;
  /** In MiB. */
  readonly doorMemory?: number | undefined;
  readonly agentRoute?: TicketRoute | undefined;
}

type DoorOptions = Pick<ServerOptions, "ftp" | "memoryBytes" | "publicHost" | "sftp">;
type FtpOptions = NonNullable<DoorOptions["ftp"]>;

/** Read the options of the doors, and the files that they name. @throws {UsageError} */
export async function doorOptions(command: DoorCommand, dataDir: string): Promise<DoorOptions> {
  const { agentRoute, doorHost, doorMemory, ftp, host, sftp, sftpKeys } = command;
  if ((agentRoute === "sftp" || agentRoute === "ftp") && command[agentRoute] === undefined) {
    throw new UsageError(`Cannot use --agent-route ${agentRoute}: that door is not open; add --${agentRoute} PORT`);
  }
  const keysDir = sftpKeys === undefined ? join(dataDir, "host-keys") : resolve(sftpKeys);
  return {
    sftp: sftp === undefined ? undefined : { ...addressIn("--sftp", sftp, host), keysDir },
    ftp: ftp === undefined ? undefined : { ...addressIn("--ftp", ftp, host), ...(await ftpOptions(command)) },
    publicHost: doorHost,
    memoryBytes: doorMemory === undefined ? undefined : doorMemory * 2 ** 20,
  };
}

async function ftpOptions(command: DoorCommand): Promise<Omit<FtpOptions, "host" | "port">> {
  const { ftpActive: active, ftpAddress: address, ftpPassive, ftpSessionReuse: requireSessionReuse } = command;
  if (address !== undefined && !isIPv4(address)) {
    throw new UsageError(`Cannot use --ftp-address "${address}": it is not an IPv4 address, as 203.0.113.7`);
  }
  const tls = await certificateOf(command);
  if (tls === undefined && requireSessionReuse === true) {
    throw new UsageError("Cannot use --ftp-session-reuse: there is no TLS without --ftp-tls");
  }
  const passive = ftpPassive === undefined ? undefined : rangeIn(ftpPassive);
  return { active, address, passive, requireSessionReuse, tls };
}

async function certificateOf({ ftpTls, ftpAllowPlain }: DoorCommand): Promise<FtpOptions["tls"]> {
  if (ftpTls === undefined) return undefined;
  const [certFile, keyFile, ...more] = ftpTls.split(",");
  if (!certFile || !keyFile || more.length > 0) {
    throw new UsageError(`Cannot use --ftp-tls "${ftpTls}": it is not two files, as cert.pem,key.pem`);
  }
  const [cert, key] = await Promise.all([certFile, keyFile].map(readPem));
  // Both were read above.
  return { cert: cert ?? "", key: key ?? "", allowPlain: ftpAllowPlain };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read "${file}" of --ftp-tls: ${why}`);
  }
}

function addressIn(option: string, text: string, host: string): { readonly host: string; readonly port: number } {
  const found = /^(?:(?<host>\[[0-9a-f:.]+\]|[^:[\]]+):)?(?<port>\d{1,5})$/iu.exec(text)?.groups;
  const port = Number(found?.["port"]);
  if (found === undefined || port > 65_535) {
    throw new UsageError(`Cannot use ${option} "${text}": it is not a port, as 2022, or 0.0.0.0:2022`);
  }
  return { host: found["host"]?.replace(/^\[|\]$/gu, "") ?? host, port };
}

function rangeIn(text: string): { readonly from: number; readonly to: number } {
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/u.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (!(range.from >= 1 && range.from <= range.to && range.to <= 65_535)) {
    throw new UsageError(`Cannot use --ftp-passive "${text}": it is not a range of ports, as 50000-50100`);
  }
  return range;
}
