import { NaruApi } from "@naru/client";
import { sizeText } from "./progress-line.ts";
import type { Remote } from "./remote.ts";
import { isFolder, plainPath } from "./remote-place.ts";
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
  let listed = 0;
  let cursor: string | undefined;
  do {
    const page = await api.list({ prefix, cursor, delimiter: all ? undefined : "/" });
    for (const folder of page.folders) {
      console.log(json ? JSON.stringify({ folder }) : `${" ".repeat(33)}${shownName(folder)}`);
    }
    for (const file of page.files) {
      const { size, modified, path } = file;
      const line = `${sizeText(size).padStart(10)}  ${modified.slice(0, 19)}  ${shownName(path)}`;
      console.log(json ? JSON.stringify(file) : line);
    }
    listed += page.folders.length + page.files.length;
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (listed === 0 && wish !== "" && !(await isFolder(api, plainPath(wish)))) {
    console.error(`naru: nothing is at "${wish}", or begins with it`);
  }
}

/** A folder is named with or without its final slash; other text is what paths begin with. */
async function prefixOf(api: NaruApi, wish: string): Promise<string> {
  if (wish === "" || wish.endsWith("/")) return wish;
  return (await isFolder(api, wish)) ? `${wish}/` : wish;
}
