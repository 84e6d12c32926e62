/** Where each option of `naru serve` stands in the settings. A flag wins over the file, and the file over what is usual. */

import { resolve } from "node:path";
import type { ServeCommand } from "./serve-options.ts";
import type { Settings } from "./settings-schema.ts";

type Given = { readonly [Name in keyof ServeCommand]?: ServeCommand[Name] | undefined };

/** A setting, and the flags that say the same. */
export interface ServeSetting {
  readonly path: readonly string[];
  readonly flags: { readonly [Name in keyof ServeCommand]?: string };
  /** What a file says, as the flags would. */
  readonly from: (settings: Settings, paths: (path: string | undefined) => string | undefined) => Given;
}

/** All of them but stores, which `mounts.ts` reads. */
export const serveSettings: readonly ServeSetting[] = [
  { path: ["data"], flags: { data: "--data" }, from: ({ data }, path) => ({ data: path(data) }) },
  { path: ["listen"], flags: { host: "--host", port: "--port" }, from: ({ listen }) => addressOf(listen) },
  { path: ["origins"], flags: { origin: "--origin" }, from: ({ origins }) => ({ origin: origins }) },
  {
    path: ["trustProxy"],
    flags: { trustProxy: "--trust-proxy" },
    from: ({ trustProxy }) => ({ trustProxy: trustProxy?.join(",") }),
  },
  { path: ["bin"], flags: { bin: "--bin" }, from: ({ bin }) => ({ bin: daysOf(bin) }) },
  {
    path: ["admin", "passwordEnv"],
    flags: { adminPassword: "--admin-password" },
    from: ({ admin }) => ({ adminPasswordEnv: admin?.passwordEnv }),
  },
  {
    path: ["admin", "passwordFile"],
    flags: { adminPassword: "--admin-password" },
    from: ({ admin }, path) => ({ adminPasswordFile: path(admin?.passwordFile) }),
  },
  { path: ["sftp", "listen"], flags: { sftp: "--sftp" }, from: ({ sftp }) => ({ sftp: textOf(sftp?.listen) }) },
  {
    path: ["sftp", "keys"],
    flags: { sftpKeys: "--sftp-keys" },
    from: ({ sftp }, path) => ({ sftpKeys: path(sftp?.keys) }),
  },
  { path: ["ftp", "listen"], flags: { ftp: "--ftp" }, from: ({ ftp }) => ({ ftp: textOf(ftp?.listen) }) },
  {
    path: ["ftp", "tls"],
    flags: { ftpTls: "--ftp-tls" },
    from: ({ ftp }, path) => ({ ftpTls: ftp?.tls && `${path(ftp.tls.cert)},${path(ftp.tls.key)}` }),
  },
  {
    path: ["ftp", "tls", "allowPlain"],
    flags: { ftpAllowPlain: "--ftp-allow-plain" },
    from: ({ ftp }) => ({ ftpAllowPlain: ftp?.tls?.allowPlain }),
  },
  {
    path: ["ftp", "tls", "sessionReuse"],
    flags: { ftpSessionReuse: "--ftp-session-reuse" },
    from: ({ ftp }) => ({ ftpSessionReuse: ftp?.tls?.sessionReuse }),
  },
  {
    path: ["ftp", "passive"],
    flags: { ftpPassive: "--ftp-passive" },
    from: ({ ftp }) => ({ ftpPassive: ftp?.passive }),
  },
  { path: ["ftp", "active"], flags: { ftpActive: "--ftp-active" }, from: ({ ftp }) => ({ ftpActive: ftp?.active }) },
  {
    path: ["ftp", "address"],
    flags: { ftpAddress: "--ftp-address" },
    from: ({ ftp }) => ({ ftpAddress: ftp?.address }),
  },
  { path: ["doors", "host"], flags: { doorHost: "--door-host" }, from: ({ doors }) => ({ doorHost: doors?.host }) },
  {
    path: ["doors", "memoryMiB"],
    flags: { doorMemory: "--door-memory" },
    from: ({ doors }) => ({ doorMemory: doors?.memoryMiB }),
  },
  {
    path: ["agent", "route"],
    flags: { agentRoute: "--agent-route" },
    from: ({ agent }) => ({ agentRoute: agent?.route }),
  },
  {
    path: ["pages", "oneRoute"],
    flags: { oneRoute: "--one-route" },
    from: ({ pages }) => ({ oneRoute: pages?.oneRoute }),
  },
  {
    path: ["shares", "days"],
    flags: { shareDays: "--share-days" },
    from: ({ shares }) => ({ shareDays: shares?.days }),
  },
  {
    path: ["shares", "addresses"],
    flags: { shareAddresses: "--share-addresses" },
    from: ({ shares }) => ({ shareAddresses: shares?.addresses }),
  },
];

/** Read paths as a file means them: from the folder that it lies in. */
export function pathsFrom(folder: string): (path: string | undefined) => string | undefined {
  return (path) => (path === undefined ? undefined : resolve(folder, path));
}

/** Days of a bin; 0 for none. */
export function daysOf(bin: string | undefined): number | undefined {
  if (bin === undefined) return undefined;
  return bin === "off" ? 0 : Number(bin.slice(0, -1));
}

function addressOf(listen: string | number | undefined): Given {
  if (listen === undefined) return {};
  const text = String(listen);
  const colon = text.lastIndexOf(":");
  const port = Number(text.slice(colon + 1));
  return colon < 0 ? { port } : { host: text.slice(0, colon).replace(/^\[|\]$/gu, ""), port };
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
