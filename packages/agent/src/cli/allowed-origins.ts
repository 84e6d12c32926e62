/** Which sites may be paired, as the installer or the administrator of this computer wrote it down. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { TransferError } from "@naru/core";

/** One origin a line. */
const files: Partial<Record<NodeJS.Platform, string>> = {
  linux: "/etc/naru-agent/allowed-origins",
  darwin: "/Library/Application Support/NaruAgent/allowed-origins",
};

/** The MSI writes to the first, which only administrators can; the setup of one user to the second. */
const keys = ["HKLM\\Software\\Naru Agent", "HKCU\\Software\\Naru Agent"];

/** Read the origins that may be paired; none means that the user decides. */
export async function allowedOrigins(platform: NodeJS.Platform = process.platform): Promise<readonly string[]> {
  if (platform !== "win32") {
    const file = files[platform];
    return file === undefined ? [] : origins(await readFile(file, "utf8").catch(absent));
  }
  for (const key of keys) {
    const found = origins(await registryValue(key));
    if (found.length > 0) return found;
  }
  return [];
}

async function registryValue(key: string): Promise<string> {
  const args = ["query", key, "/v", "AllowedOrigins"];
  // By its full name: a program of that name in the current folder is not meant.
  const { SystemRoot: windows = "C:\\Windows" } = process.env;
  const asked = promisify(execFile)(join(windows, "System32", "reg.exe"), args, { windowsHide: true });
  const { stdout } = await asked.catch((error: unknown) => ({ stdout: absent(error) }));
  return /REG_SZ\s+(.*)/.exec(stdout)?.[1] ?? "";
}

/** What is there but cannot be read must not open what an administrator closed. */
function absent(error: unknown): string {
  const notThere: readonly unknown[] = ["ENOENT", 1];
  if (error instanceof Error && "code" in error && notThere.includes(error.code)) return "";
  throw new TransferError("internal", "Cannot read which sites may be paired", { cause: error });
}

function origins(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((origin) => origin !== "");
}
