/**
 * Requests on names: each is answered by one packet, and leaves nothing open.
 *
 * @module
 */

import { type Abortable, type StoreSpace, TransferError } from "@naru/core";
import type { Entry, GatewaySession } from "../gateway/gateway-session.ts";
import { attrsAnswer, nameAnswer, numbersAnswer, okAnswer, statvfsNumbers } from "./answers.ts";
import { absolutePath } from "./client-path.ts";
import type { ClientAttrs, FileAttrs, Request } from "./packets.ts";

/** What only looks. */
export type LookRequest = Extract<Request, { kind: "stat" | "lstat" | "realpath" | "statvfs" }>;
/** What changes something. */
export type ChangeRequest = Extract<Request, { kind: "setstat" | "remove" | "mkdir" | "rmdir" | "rename" }>;

/** Object storage ends nowhere that it tells of; clients that look for room are told of a PiB. */
const endless: StoreSpace = { total: 2 ** 50, free: 2 ** 50 };

/** @throws {TransferError} when the request fails */
export async function answerLook(session: GatewaySession, ask: LookRequest, options: Abortable): Promise<Uint8Array> {
  const path = absolutePath(ask.path);
  if (ask.kind === "realpath") return nameAnswer(ask.id, [{ name: path, longname: path }]);
  if (ask.kind === "statvfs")
    return numbersAnswer(ask.id, statvfsNumbers((await session.space(path, options)) ?? endless));
  return attrsAnswer(ask.id, attrsOf(await existing(session, path, options)));
}

/** @throws {TransferError} when the request fails */
export async function answerChange(
  session: GatewaySession,
  ask: ChangeRequest,
  options: Abortable,
): Promise<Uint8Array> {
  const path = absolutePath(ask.path);
  switch (ask.kind) {
    case "setstat":
      await setAttrs(session, path, ask.attrs, options);
      break;
    case "remove":
      await session.remove(path, options);
      break;
    case "mkdir":
      await session.makeFolder(path, options);
      break;
    case "rmdir":
      await session.removeFolder(path, options);
      break;
    case "rename":
      await session.move(path, absolutePath(ask.to), { ...options, replace: ask.replace });
      break;
  }
  return okAnswer(ask.id);
}

export function attrsOf({ kind, size, modified }: Entry): FileAttrs {
  return { kind, size, modified };
}

async function existing(session: GatewaySession, path: string, options: Abortable): Promise<Entry> {
  const entry = await session.stat(path, options);
  if (entry === undefined) throw new TransferError("not-found", `Cannot find "${path}": no such file or folder`);
  return entry;
}

/** Owners and permissions are taken without a word: clients set them after each put, and object storage has none. */
async function setAttrs(
  session: GatewaySession,
  path: string,
  { size, modified }: ClientAttrs,
  options: Abortable,
): Promise<void> {
  const entry = await existing(session, path, options);
  if (size !== undefined && size !== entry.size) await resize(session, entry, size, options);
  if (modified !== undefined && entry.kind === "file") await session.setModified(path, modified, options);
}

async function resize(session: GatewaySession, entry: Entry, size: number, options: Abortable): Promise<void> {
  if (entry.kind === "folder") throw new TransferError("invalid", `Cannot resize "${entry.path}": it is a folder`);
  if (size > entry.size && entry.arriving) {
    throw new TransferError("unsupported", `Cannot make "${entry.path}" longer: it is still being uploaded`);
  }
  const arrival = await session.openWrite(entry.path, { truncate: size === 0, create: false }, options);
  try {
    await arrival.resize(size, options);
    // What was still on its way in stays so; only its own client knows when it is whole.
    if (!entry.arriving) await arrival.finish(options);
  } finally {
    await arrival.suspend();
  }
}
