/** Where the agent keeps its things on each platform. */

import { homedir } from "node:os";
import { join } from "node:path";

/** Choose the data folder: `NARU_AGENT_DATA`, else where the platform keeps a user's programs' data. */
export function dataFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string {
  const { NARU_AGENT_DATA, LOCALAPPDATA, XDG_DATA_HOME } = env;
  if (NARU_AGENT_DATA) return NARU_AGENT_DATA;
  if (platform === "win32") return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "NaruAgent");
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", "NaruAgent");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "naru-agent");
}
