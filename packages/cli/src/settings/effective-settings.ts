/** What `naru serve` runs with: flags, the file and what is usual put together, each with where it came from. */

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "../exit-code.ts";
import { type MountPlan, planMounts } from "./mounts.ts";
import type { ServeCommand } from "./serve-options.ts";
import { pathsFrom, serveSettings } from "./serve-settings.ts";
import { shown } from "./settings-check.ts";
import { findSettings, readSettings, type SettingsFile } from "./settings-file.ts";

/** The command line as it was given. */
export interface GivenCommand {
  readonly options: ServeCommand;
  /** Whether an option was given as a flag. */
  readonly isFlag: (option: string) => boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** One line of what the server runs with. */
export interface ShownSetting {
  readonly name: string;
  readonly value: string;
  /** `naru.yaml:3`, a flag, a variable of the environment, or `default`. */
  readonly from: string;
}

export interface EffectiveSettings {
  readonly command: ServeCommand;
  readonly mounts: readonly MountPlan[];
  readonly shown: readonly ShownSetting[];
  /** What a person should hear: which file is read, and what of it a flag replaces. */
  readonly notices: readonly string[];
}

/** Put them together. @throws {UsageError} for a file that is wrong */
export async function effectiveSettings(given: GivenCommand): Promise<EffectiveSettings> {
  const { isFlag, options } = given;
  const notices: string[] = [];
  const file = await fileOf(options, notices);
  const command: Record<string, unknown> = { ...options };
  const lines: ShownSetting[] = [];
  for (const { flags, from, path } of serveSettings) {
    const said: Readonly<Record<string, unknown>> = file ? from(file.settings, pathsFrom(file.folder)) : {};
    const names = Object.keys(flags);
    const place = file?.placeOf(path) ?? "";
    for (const [name, value] of Object.entries(said)) {
      if (value === undefined) continue;
      const flag = Object.entries(flags).find(
        ([option]) => isFlag(option) && (option === name || !names.includes(name)),
      );
      if (flag === undefined) command[name] = value;
      else notices.push(`${flag[1]} is used instead of "${shown(path)}" (${place})`);
    }
    for (const [option, flag] of Object.entries(flags)) {
      const source = isFlag(option) ? flag : said[option] === undefined ? "default" : place;
      if (option === "adminPassword") continue;
      lines.push({
        name: names.length > 1 ? flag.slice(2) : shown(path),
        value: option === "bin" ? binText(command[option]) : textOf(command[option]),
        from: source,
      });
    }
  }
  const merged = { ...options, ...command };
  const password = await passwordOf(merged, { file, given });
  if (password !== undefined) lines.push({ name: "admin", value: "a password is set", from: password.from });
  const { bin, data, store } = merged;
  const mounts = planMounts({ file, store, usual: `file:${join(resolve(data), "files")}`, binDays: bin });
  const root = file?.settings.store ?? file?.settings.mounts?.["/"];
  if (store !== undefined && root !== undefined && file !== undefined) {
    const path = file.settings.store === undefined ? ["mounts", "/"] : ["store"];
    notices.push(`--store is used instead of "${shown(path)}" (${file.placeOf(path)})`);
  }
  return {
    command: { ...merged, adminPassword: password?.password },
    mounts,
    shown: [...lines, ...mounts.flatMap(shownMount)],
    notices,
  };
}

async function fileOf({ config, data }: ServeCommand, notices: string[]): Promise<SettingsFile | undefined> {
  const found = config === undefined ? findSettings(data) : { file: config, unread: [] };
  if (found === undefined) return undefined;
  const file = await readSettings(found.file);
  notices.push(`Settings from ${file.name}`);
  for (const other of found.unread) notices.push(`"${other}" is not read: ${file.name} is`);
  return file;
}

interface Sources {
  readonly file: SettingsFile | undefined;
  readonly given: GivenCommand;
}

/** The initial password of admin: by flag, by NARU_ADMIN_PASSWORD, or where the file says it is. */
async function passwordOf(
  { adminPassword, adminPasswordEnv, adminPasswordFile }: ServeCommand,
  { file, given: { env, isFlag } }: Sources,
): Promise<{ readonly password: string; readonly from: string } | undefined> {
  const place = (name: string): string => file?.placeOf(["admin", name]) ?? "";
  if (adminPassword !== undefined)
    return { password: adminPassword, from: isFlag("adminPassword") ? "--admin-password" : "NARU_ADMIN_PASSWORD" };
  if (adminPasswordEnv !== undefined) {
    const password = env[adminPasswordEnv];
    const from = place("passwordEnv");
    if (password) return { password, from };
    throw new UsageError(
      `Cannot use "admin.passwordEnv" (${from}): the environment variable ${adminPasswordEnv} is not set`,
    );
  }
  if (adminPasswordFile === undefined) return undefined;
  const from = place("passwordFile");
  const text = await readFile(adminPasswordFile, "utf8").catch((error: unknown) => {
    throw new UsageError(
      `Cannot use "admin.passwordFile" (${from}): ${error instanceof Error ? error.message : error}`,
    );
  });
  return { password: text.replace(/\r?\n$/u, ""), from };
}

function shownMount({ binDays, credentials = {}, name, place: from, url }: MountPlan): readonly ShownSetting[] {
  const lines = [{ name: `mounts.${name}`, value: url, from }];
  const keys = Object.entries(credentials).map(([key, value]) => `${key} ${value}`);
  if (keys.length > 0) lines.push({ name: `mounts.${name}.credentials`, value: keys.join(", "), from });
  return [...lines, { name: `mounts.${name}.bin`, value: binText(binDays), from }];
}

/** As the setting is written. */
function binText(days: unknown): string {
  return days === 0 ? "off" : `${days}d`;
}

function textOf(value: unknown): string {
  if (value === undefined) return "-";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
