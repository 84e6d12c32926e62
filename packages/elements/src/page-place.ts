import type { NaruApi } from "@naru/client";

/** Where the page is: in a folder, "" or "a/b/", and at a file in it if a link leads to one. */
export interface PagePlace {
  readonly folder: string;
  readonly file?: string | undefined;
}

/** Read the place that the address names after `#/`: what ends in `/` is a folder, else it may be a file. */
export function placeOf(hash: string): PagePlace {
  const path = pathIn(hash);
  if (path === "" || path.endsWith("/")) return { folder: path };
  return { folder: path.slice(0, path.lastIndexOf("/") + 1), file: path };
}

/** Tell the folder that was meant by a place without a final `/`, if there is one. */
export async function folderMeant({ file }: PagePlace, api: NaruApi): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return (await api.hasFolder(file).catch(() => false)) ? `${file}/` : undefined;
}

function pathIn(hash: string): string {
  const names = hash.replace(/^#\/?/, "").split("/");
  const last = names.pop() ?? "";
  try {
    const folders = names.filter((name) => name !== "").map((name) => `${decodeURIComponent(name)}/`);
    return folders.join("") + decodeURIComponent(last);
  } catch {
    return "";
  }
}
