import { NaruApi } from "@naru/client";
import { isUsablePath } from "@naru/core";
import { sizeText } from "./progress-line.ts";
import type { Remote } from "./remote.ts";
import { isFolder, plainPath } from "./remote-path.ts";
import { shownName } from "./terminal-text.ts";

export interface LsCommand {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** `naru ls`: what is in a folder, or what paths begin with; folders first seen, page after page. */
export async function ls(wish: string, { all = false, json = false, remote }: LsCommand): Promise<void> {
  const api = new NaruApi(remote);
  const prefix = await prefixOf(api, wish);
  let [listed, odd] = [0, 0];
  let cursor: string | undefined;
  do {
    const page = await api.list({ prefix, cursor, delimiter: all ? undefined : "/" });
    for (const folder of page.folders) {
      if (json) console.log(JSON.stringify({ folder }));
      else console.log(`${" ".repeat(31)}${nameText(folder, isUsablePath(folder.slice(0, -1)))}`);
    }
    for (const file of page.files) {
      const { size, modified, path, usable = true } = file;
      if (json) console.log(JSON.stringify(file));
      else console.log(`${sizeText(size).padStart(10)}  ${modified.slice(0, 19)}${nameText(path, usable)}`);
    }
    odd += page.files.filter(({ usable }) => usable === false).length;
    odd += page.folders.filter((folder) => !isUsablePath(folder.slice(0, -1))).length;
    listed += page.folders.length + page.files.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (odd > 0 && !json) {
    const how =
      "rename them with naru mv or remove them with naru rm, where --escaped takes a name as a terminal shows it";
    console.error(`naru: ${odd} of these names, marked with !, cannot be used everywhere; ${how}`);
  }
  if (listed === 0 && wish !== "" && !(await isFolder(api, plainPath(wish)))) {
    console.error(`naru: nothing is at "${wish}", or begins with it`);
  }
}

/** What other programs named in a way that Naru would not is marked. */
function nameText(name: string, usable: boolean): string {
  return `${usable ? " " : " !"} ${shownName(name)}`;
}

/** A folder is named with or without its final slash; other text is what paths begin with. */
async function prefixOf(api: NaruApi, wish: string): Promise<string> {
  if (wish === "" || wish.endsWith("/")) return wish;
  return (await isFolder(api, wish)) ? `${wish}/` : wish;
}
