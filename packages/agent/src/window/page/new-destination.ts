/** A destination as its fields say it, written as the agent reads it. */

import type { WhereTo } from "../window-wire.ts";

export type DestinationKind = "sftp" | "ftps" | "ftp" | "https";

/** Write a place; `word` tells what is in a field. */
export function newDestination(kind: DestinationKind, word: (name: string) => string): WhereTo {
  const typed = word("host");
  const host = typed.replace(/^[a-z]+:\/\//i, "").replace(/\/+$/, "");
  const isIpv6 = !host.startsWith("[") && host.split(":").length > 2;
  const at = `${isIpv6 ? `[${host}]` : host}${word("port") === "" ? "" : `:${word("port")}`}`;
  // Each part of a path is written so that it means only itself.
  const parts = word("folder").split("/").map(encodeURIComponent).join("/");
  const folder = parts === "" || parts.endsWith("/") ? parts : `${parts}/`;
  if (kind === "https") {
    const scheme = /^http:/i.test(typed) ? "http" : "https";
    return { url: `${scheme}://${at}/${folder.replace(/^\/+/, "")}`, token: word("token") };
  }
  const [user, password] = [word("user"), word("password")].map(encodeURIComponent);
  const who = user === "" ? "" : `${user}${password === "" ? "" : `:${password}`}@`;
  if (kind !== "sftp") return { url: `${kind}://${who}${at}/${folder}` };
  // Without a leading slash the folder is meant from where the account starts.
  return { url: `sftp://${who}${at}${folder.startsWith("/") ? folder : `/~/${folder}`}` };
}
