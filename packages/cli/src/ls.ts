import { NaruApi } from "@naru/client";
import { sizeText } from "./progress.ts";
import type { Remote } from "./remote.ts";

export interface LsCommand {
  readonly all?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** `naru ls`: folders first seen, page after page. */
export async function ls(prefix: string, { all = false, json = false, remote }: LsCommand): Promise<void> {
  const api = new NaruApi(remote);
  let cursor: string | undefined;
  do {
    const page = await api.list({ prefix, cursor, delimiter: all ? undefined : "/" });
    for (const folder of page.folders) console.log(json ? JSON.stringify({ folder }) : `${" ".repeat(31)}${folder}`);
    for (const file of page.files) {
      const { size, modified, path } = file;
      console.log(json ? JSON.stringify(file) : `${sizeText(size).padStart(10)}  ${modified.slice(0, 19)}  ${path}`);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
}
