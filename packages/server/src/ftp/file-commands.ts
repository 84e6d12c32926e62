/**
 * Facts of a file and changes to it: SIZE, MDTM (RFC 3659), MFMT (draft-somers-ftp-mfxx), HASH
 * (draft-bryan-ftpext-hash) and what programs ask in its place, DELE, RNFR, RNTO, and what SITE is used for.
 *
 * @module
 */

import type { DigestName } from "../gateway/file-digest.ts";
import type { Entry } from "../gateway/gateway-session.ts";
import type { Client } from "./client.ts";
import type { Command } from "./command.ts";
import { resolvePath } from "./ftp-path.ts";
import { formatTime, parseTime } from "./ftp-time.ts";
import { hashNames } from "./hash-names.ts";
import { FtpFault, type Reply, reply } from "./reply.ts";

/** Find the file or folder that an argument names. @throws {FtpFault} 550 if there is none, 501 without an argument */
export async function entryAt({ control, files, state }: Client, argument: string): Promise<Entry> {
  if (argument === "") throw new FtpFault(501, "Cannot look a file up: give its name");
  const path = resolvePath(state.folder, argument);
  const entry = await files.stat(path, { signal: control.gone });
  if (entry === undefined) throw new FtpFault(550, `Cannot find "${path}": no such file or folder`);
  return entry;
}

async function fileAt(client: Client, argument: string): Promise<Entry> {
  const entry = await entryAt(client, argument);
  if (entry.kind !== "file") throw new FtpFault(550, `Cannot use "${entry.path}": it is a folder`);
  return entry;
}

/** SIZE: of a file on its way in, what its owner need not send again. */
export async function sizeOf(client: Client, argument: string): Promise<Reply> {
  const { size } = await fileAt(client, argument);
  return reply(213, String(size));
}

/** With a time before the name it sets one, as clients did before MFMT. */
export async function modifiedOf(client: Client, argument: string): Promise<Reply> {
  if (/^\d{14}(\.\d+)? ./u.test(argument)) return await setModifiedOf(client, argument);
  const { modified } = await fileAt(client, argument);
  return reply(213, formatTime(modified));
}

/** MFMT. */
export async function setModifiedOf(client: Client, argument: string): Promise<Reply> {
  const [, text = "", name = ""] = /^(\S+) (.+)$/u.exec(argument) ?? [];
  const modified = parseTime(text);
  if (modified === undefined) return reply(501, "Cannot set the time: give it as YYYYMMDDHHMMSS, then a name");
  const { path } = await entryAt(client, name);
  await client.files.setModified(path, modified, { signal: client.control.gone });
  return reply(213, `Modify=${formatTime(modified)}; ${name}`);
}

/** HASH: known from when the bytes came in, or taken by reading the file. */
export async function hashFile(client: Client, argument: string): Promise<Reply> {
  const { control, files, state } = client;
  const { path, size } = await fileAt(client, argument);
  const [hash] = await files.digest(path, { name: hashNames[state.hash] }, { signal: control.gone });
  return reply(213, `${state.hash} 0-${size} ${hash} ${argument}`);
}

/** XCRC, XMD5, XSHA256: before HASH was written down, a file's name, and behind a quoted one where to begin and to end. */
export function checksumWith(name: DigestName): Command {
  return async (client, argument) => {
    const [, quoted, from, to] = /^"(.+?)"(?: (\d+)(?: (\d+))?)?$/u.exec(argument) ?? [];
    const { path } = await fileAt(client, quoted ?? argument);
    const start = from === undefined ? undefined : Number(from);
    const length = to === undefined ? undefined : Number(to) - Number(from);
    if (length !== undefined && length < 0)
      return reply(501, "Cannot compute the checksum: its end is before its beginning");
    const [digest = ""] = await client.files.digest(path, { name, start, length }, { signal: client.control.gone });
    return reply(250, digest.toUpperCase());
  };
}

/** DELE. */
export async function removeFile(client: Client, argument: string): Promise<Reply> {
  const { path } = await fileAt(client, argument);
  await client.files.remove(path, { signal: client.control.gone });
  return reply(250, "Removed");
}

/** RNFR: the new name must come with the next command. */
export async function renameFrom(client: Client, argument: string): Promise<Reply> {
  const { path } = await entryAt(client, argument);
  client.state.renameFrom = path;
  return reply(350, "Tell the new name");
}

/** RNTO: what is at the new name is replaced. */
export async function renameTo({ control, files, state }: Client, argument: string): Promise<Reply> {
  const from = state.renameFrom;
  state.renameFrom = undefined;
  if (from === undefined) return reply(503, "Cannot rename: send the old name first, with RNFR");
  if (argument === "") return reply(501, "Cannot rename: give the new name");
  await files.move(from, resolvePath(state.folder, argument), { signal: control.gone, replace: true });
  return reply(250, "Renamed");
}

/** CHMOD is fine, as there is nothing to change; UTIME sets the time in both of the ways that clients write it. */
export async function site(client: Client, argument: string): Promise<Reply> {
  const [, mode, changed = ""] = /^chmod ([0-7]{3,4}) (.+)$/iu.exec(argument) ?? [];
  if (mode !== undefined) {
    await entryAt(client, changed);
    return reply(200, "There are no modes here, so all is well");
  }
  const [, before, named = ""] = /^utime (\d{12,14}) (.+)$/iu.exec(argument) ?? [];
  if (before !== undefined) return await setModifiedOf(client, `${before} ${named}`);
  const [, touched = "", after] = /^utime (.+) \d{12,14} (\d{12,14}) \d{12,14} utc$/iu.exec(argument) ?? [];
  if (after !== undefined) return await setModifiedOf(client, `${after} ${touched}`);
  return reply(504, "Cannot do that with SITE: CHMOD and UTIME are supported");
}
