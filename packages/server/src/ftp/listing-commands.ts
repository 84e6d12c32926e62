/**
 * What lies in a folder: LIST and NLST (RFC 959), MLSD and MLST (RFC 3659 7), STAT.
 *
 * @module
 */

import type { Entry } from "../gateway/gateway-session.ts";
import type { Client } from "./client.ts";
import { transferring } from "./data-transfer.ts";
import { entryAt } from "./file-commands.ts";
import { nameOf, resolvePath } from "./ftp-path.ts";
import { factLine, listLine, matches } from "./listing-format.ts";
import { FtpFault, type Reply, reply } from "./reply.ts";

/** Lines of STAT over the control connection, which is not made for more. */
const statLines = 1000;

/** LIST. */
export async function listLines(client: Client, argument: string): Promise<Reply> {
  const { now } = client.settings;
  return await sendList(client, { verb: "LIST", argument }, (entry) => listLine(entry, { now: now() }));
}

/**
 * NLST: names that lead from the working folder to what they name, as they begin with the folder that was asked for.
 * `mget` and `mdelete` of many clients send them back as they are.
 */
export async function listNames(client: Client, argument: string): Promise<Reply> {
  const asked = withoutOptions(argument);
  const path = resolvePath(client.state.folder, asked);
  const inFolder = asked === "" || asked === "." ? "" : asked.replace(/\/?$/u, "/");
  const besidePattern = asked.slice(0, asked.lastIndexOf("/") + 1);
  return await sendList(client, { verb: "NLST", argument }, (entry) => {
    if (entry.path === path) return asked;
    const isInFolder = resolvePath(entry.path, "..") === path;
    return `${isInFolder ? inFolder : besidePattern}${nameOf(entry.path)}`;
  });
}

/** MLSD: a folder only. */
export async function listFacts(client: Client, argument: string): Promise<Reply> {
  const { facts, folder } = client.state;
  const { kind, path } = await entryAt(client, argument === "" ? folder : argument);
  if (kind !== "folder") return reply(501, `Cannot list "${path}": it is a file`);
  return await sendList(client, { verb: "MLSD", argument: path }, (entry) => factLine(entry, facts));
}

/** MLST: facts of one file or folder, over the control connection. */
export async function oneFact(client: Client, argument: string): Promise<Reply> {
  const { facts, folder } = client.state;
  const entry = await entryAt(client, argument === "" ? folder : argument);
  return { code: 250, text: "Listing", lines: [factLine(entry, facts, entry.path)] };
}

/** Without a name: how the session, or the transfer that runs, is doing. With one: a list, without a data connection. */
export async function status(client: Client, argument: string): Promise<Reply> {
  const { control, settings, state } = client;
  if (argument === "") {
    const { transfer } = state;
    const doing = transfer && `${transfer.verb} ${transfer.path}: ${transfer.bytes} bytes so far`;
    const lines = [
      `Signed in as ${state.user}`,
      control.isSecure ? "Over TLS" : "In the clear",
      doing ?? "No transfer",
    ];
    return { code: 211, text: "Status:", lines };
  }
  const lines: string[] = [];
  for await (const page of entriesOf(client, argument, control.gone)) {
    for (const entry of page) if (lines.length < statLines) lines.push(listLine(entry, { now: settings.now() }));
  }
  return { code: 213, text: "Status:", lines };
}

async function sendList(
  client: Client,
  { argument, verb }: { readonly verb: string; readonly argument: string },
  line: (entry: Entry) => string,
): Promise<Reply> {
  return await transferring(client, { verb, path: argument }, async (transfer) => {
    const pages = entriesOf(client, argument, transfer.signal)[Symbol.asyncIterator]();
    // A folder that is not there is told before 150.
    const first = await pages.next();
    await transfer.begin("Here it comes");
    await transfer.send(encoded(first, pages, line));
    return reply(226, "Listed");
  });
}

async function* encoded(
  first: IteratorResult<readonly Entry[], unknown>,
  pages: AsyncIterator<readonly Entry[]>,
  line: (entry: Entry) => string,
): AsyncGenerator<Uint8Array, void> {
  for (let page = first; !page.done; page = await pages.next()) {
    yield Buffer.from(page.value.map((entry) => `${line(entry)}\r\n`).join(""));
  }
}

/** Clients ask with options of `ls`, which are let go. */
function withoutOptions(argument: string): string {
  return argument.replace(/^(?:-[a-z1]+(?: |$))+/iu, "");
}

/** What a list is of: a folder, a file, or names with `*` and `?` in a folder. */
async function* entriesOf(
  { files, state }: Client,
  argument: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[], void> {
  const path = resolvePath(state.folder, withoutOptions(argument));
  const entry = await files.stat(path, { signal });
  if (entry?.kind === "file") yield [entry];
  else if (entry !== undefined) yield* files.list(path, { signal });
  else {
    const pattern = nameOf(path);
    if (!/[*?]/u.test(pattern)) throw new FtpFault(550, `Cannot list "${path}": no such file or folder`);
    for await (const page of files.list(resolvePath(path, ".."), { signal })) {
      yield page.filter((one) => matches(nameOf(one.path), pattern));
    }
  }
}
