/** What a tray icon is made of: the helper's program and a picture, beside the packaged program or in the repository. */

import { chmod, copyFile, readFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getRawAsset, isSea } from "node:sea";
import { TransferError } from "@naru/core";
import type { DesktopEnv } from "./desktop.ts";
import { packageFolder } from "./page-files.ts";

export interface TrayParts {
  /** The helper, ready to be started. */
  readonly program: string;
  /** In base64. */
  readonly icon: string;
}

export interface TrayPartsOptions {
  readonly env: DesktopEnv;
  /** A folder for this user only. */
  readonly data: string;
}

interface Kind {
  /** In the package `systray2`. */
  readonly source: string;
  /** As installers name it, and as the system shows it where it lists programs with icons. */
  readonly program: string;
  readonly icon: string;
}

/** Where it was tried. macOS has a helper for Intel that nobody has run with this agent. */
const kinds: Readonly<Record<string, Kind>> = {
  "linux-x64": { source: "tray_linux_release", program: "naru-agent-tray", icon: "naru-agent.png" },
  "win32-x64": { source: "tray_windows_release.exe", program: "naru-agent-tray.exe", icon: "naru-agent.ico" },
};

/** Find them; `undefined` where there is no place for an icon. @throws {TransferError} `unavailable` when one is missing */
export async function findTrayParts({ env, data }: TrayPartsOptions): Promise<TrayParts | undefined> {
  const { platform, arch } = process;
  const kind = kinds[`${platform}-${arch}`];
  const isSeen = platform !== "linux" || Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
  if (kind === undefined || !isSeen) return undefined;
  try {
    const program = isSea() ? join(dirname(process.execPath), kind.program) : await fromPackage(kind, data);
    return { program, icon: (await iconBytes(kind.icon)).toString("base64") };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransferError("unavailable", `Cannot show a tray icon: ${why}`, { cause });
  }
}

/** As npm lays the helper it may not be run, and its folder may be another user's: a copy has the right and the name. */
async function fromPackage({ source, program }: Kind, data: string): Promise<string> {
  const home = dirname(createRequire(import.meta.url).resolve("systray2/package.json"));
  const copy = join(data, program);
  await copyFile(join(home, "traybin", source), `${copy}.new`);
  await chmod(`${copy}.new`, 0o700);
  // One that still runs keeps the file that it has; on Windows it keeps the name, and the copy is the same.
  await rename(`${copy}.new`, copy).catch((error: unknown) => {
    if (process.platform !== "win32") throw error;
  });
  return copy;
}

async function iconBytes(name: string): Promise<Buffer> {
  if (isSea()) return Buffer.from(getRawAsset(name));
  return readFile(join(packageFolder(), "installers/icon", name));
}
