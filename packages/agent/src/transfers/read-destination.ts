/** Destinations said as URLs: `sftp://user:password@host:22/dir/`, `ftp://`, `ftps://`, `https://naru.example/folder/`. */

import type { Auth } from "@naru/client";
import { TransferError } from "@naru/core";
import type { Destination } from "./destination.ts";

export interface DestinationExtras {
  /** `SHA256:...` of the SFTP server's key. */
  readonly hostKey?: string | undefined;
  /** What signs in to the SFTP server, in OpenSSH's format or PEM. */
  readonly privateKey?: string | undefined;
  /** An API token of the Naru server. */
  readonly token?: string | undefined;
}

/** As OpenSSH prints it, also with the padding that others print. */
const fingerprint = /^SHA256:[A-Za-z0-9+/]{43}=?$/;

/** Read a destination. @throws {TransferError} `invalid`, without the password in the message */
export function readDestination(text: string, { hostKey, privateKey, token }: DestinationExtras = {}): Destination {
  const url = URL.parse(literal(text));
  if (url === null || url.hostname === "")
    throw unreadable("it is not of the form sftp://user:password@host:port/dir/");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const [user, password, path] = [decoded(url.username), decoded(url.password), decoded(url.pathname)];
  if (hostKey !== undefined && !fingerprint.test(hostKey))
    throw unreadable("its host key is not of the form SHA256:...");
  switch (url.protocol) {
    case "sftp:": {
      if (user === "") throw unreadable("it names no user");
      // As curl has it: from the root, or from where the account starts.
      const folder = folderOf(path.startsWith("/~/") ? path.slice(3) : path);
      return {
        kind: "sftp",
        host,
        port: portOf(url, 22),
        user,
        password: password || undefined,
        privateKey,
        hostKey: hostKey?.replace("=", ""),
        folder,
      };
    }
    case "ftp:":
    case "ftps:": {
      const kind = url.protocol === "ftp:" ? "ftp" : "ftps";
      const who = user === "" ? { user: "anonymous", password: "anonymous@" } : { user, password };
      // RFC 1738, 3.2.2: from where the account starts; a second slash means the root.
      return { kind, host, port: portOf(url, 21), ...who, folder: folderOf(path.slice(1)) };
    }
    case "http:":
    case "https:":
      return {
        kind: "naru",
        origin: url.origin,
        auth: authOf(user, password, token),
        folder: folderOf(path.slice(1)),
        route: "auto",
      };
    default:
      throw unreadable(`"${url.protocol}" is not one of sftp:, ftp:, ftps:, https:`);
  }
}

/** What a URL has after its path means nothing on an SFTP or FTP server: there, ? and # belong to names. */
function literal(text: string): string {
  const [, before = text, path = ""] = /^((?:sftp|ftps?):\/\/[^/?#]*)(\/.*)$/is.exec(text.trim()) ?? [];
  // In the address of a Naru page they have a meaning, and so they may in what is no path yet.
  if (/[?#]/.test(before)) throw unreadable("write # as %23 and ? as %3F");
  return `${before}${path.replaceAll("?", "%3F").replaceAll("#", "%23")}`;
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch (cause) {
    throw unreadable("write % as %25", { cause });
  }
}

/** Write a destination for people: no password, no token. */
export function shownDestination(to: Destination): string {
  if (to.kind === "naru") return `${to.origin}/${to.folder}`;
  const host = to.host.includes(":") ? `[${to.host}]` : to.host;
  const path = to.folder.startsWith("/") ? to.folder : `/${to.folder}`;
  return `${to.kind}://${encodeURIComponent(to.user)}@${host}:${to.port}${path}`;
}

/** Name the server of a destination, so that two on the same one can be told. */
export function serverOf(to: Destination): string {
  return to.kind === "naru" ? to.origin : `${to.kind}://${to.host}:${to.port}`;
}

function folderOf(path: string): string {
  return path === "" || path.endsWith("/") ? path : `${path}/`;
}

function portOf(url: URL, usual: number): number {
  return url.port === "" ? usual : Number(url.port);
}

function authOf(user: string, password: string, token: string | undefined): Auth {
  if (token) return { kind: "bearer", token };
  return user === "" ? { kind: "cookie" } : { kind: "basic", user, password };
}

function unreadable(why: string, options?: ErrorOptions): TransferError {
  return new TransferError("invalid", `Cannot read the destination: ${why}`, options);
}
