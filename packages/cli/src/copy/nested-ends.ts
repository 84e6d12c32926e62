/** Refuses a copy into what is copied: each run would find the copies of the one before, and copy them again. */

import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../exit-code.ts";
import { readStoreUrl } from "../store-url.ts";

interface Place {
  /** What people call it, without keys. */
  readonly name: string;
  /** What holds it: a machine's folders, one bucket, one Naru. */
  readonly holder: string;
  /** The folder in it: empty, or with a final `/`. */
  readonly folder: string;
}

/** @throws {UsageError} when both names lead to one folder, or `to` lies inside `from` */
export function refuseNested(from: string, to: string, prefix: string): void {
  const [source, target] = [placeOf(from, prefix), placeOf(to, prefix)];
  if (source.holder !== target.holder || !target.folder.startsWith(source.folder)) return;
  const why = source.folder === target.folder ? "both ends are the same" : `"${target.name}" lies inside it`;
  throw new UsageError(`Cannot copy "${source.name}": ${why}`);
}

function placeOf(name: string, prefix: string): Place {
  if (/^https?:/iu.test(name)) {
    const url = URL.parse(name);
    const [origin, path] = url === null ? [name, ""] : [url.origin, url.pathname];
    return { name: `${origin}${path}`, holder: origin, folder: joined(path, prefix) };
  }
  const address: Readonly<Record<string, unknown>> = { ...readStoreUrl(name) };
  const text = (field: string): string => (typeof address[field] === "string" ? address[field] : "");
  const holder = ["kind", "endpoint", "account", "bucket", "container"].map(text).join(" ");
  return { name, holder, folder: joined(realFolder(text("folder")) || text("prefix"), prefix) };
}

/** Where a folder really is, through links, though it may not be there yet. */
function realFolder(folder: string): string {
  try {
    return folder === "" ? "" : realpathSync(folder);
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(realFolder(above), basename(folder));
  }
}

function joined(folder: string, prefix: string): string {
  const path = folder.replaceAll(/\/+$/gu, "");
  return path === "" ? prefix : `${path}/${prefix}`;
}
