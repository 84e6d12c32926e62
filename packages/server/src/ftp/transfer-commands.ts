/**
 * Files in and out (RFC 959 4.1.3, REST of RFC 3659 5). A file is published when all of it has come, and 226 says so;
 * whatever ends a transfer earlier leaves what came for its owner to go on with.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Arrival, GatewaySession, WriteMode } from "../gateway/gateway-session.ts";
import type { Client } from "./client.ts";
import { type DataTransfer, transferring } from "./data-transfer.ts";
import { nameOf, resolvePath } from "./ftp-path.ts";
import { FtpFault, type Reply, reply } from "./reply.ts";

/** STOR: anew, or from where REST says. */
export async function store(client: Client, argument: string): Promise<Reply> {
  const { restart } = client.state;
  return await receive(client, { verb: "STOR", path: named(client, argument), at: restart });
}

/** APPE: at the end of what is here, on its way in or finished. */
export async function append(client: Client, argument: string): Promise<Reply> {
  return await receive(client, { verb: "APPE", path: named(client, argument), at: "end" });
}

/** A name of our own making; the first reply tells it (RFC 1123 4.1.2.9). */
export async function storeUnique(client: Client): Promise<Reply> {
  const path = resolvePath(client.state.folder, `upload-${randomBytes(8).toString("hex")}`);
  return await receive(client, { verb: "STOU", path, at: 0, exclusive: true });
}

/** RETR: from where REST says. */
export async function retrieve(client: Client, argument: string): Promise<Reply> {
  const path = named(client, argument);
  const { restart } = takeHints(client);
  return await transferring(client, { verb: "RETR", path }, async (transfer) => {
    const { signal } = transfer;
    const reading = await client.files.openRead(path, { signal });
    try {
      const { size } = reading.entry;
      if (restart > size) throw new FtpFault(554, `Cannot read "${path}" from ${restart}: it has ${size} bytes`);
      await transfer.begin(`Opening BINARY mode data connection for ${nameOf(path)} (${size - restart} bytes)`);
      await transfer.send(reading.stream(restart, { signal }));
      return reply(226, "Sent");
    } finally {
      await reading.close();
    }
  });
}

/** Its turn comes after the transfer that it has ended. */
export function abort({ state }: Client): Reply {
  state.data?.close();
  state.data = undefined;
  return reply(226, "Aborted");
}

interface Wanted {
  readonly verb: string;
  readonly path: string;
  /** Where the first byte belongs: 0 begins anew. */
  readonly at: number | "end";
  readonly exclusive?: boolean;
}

interface Hints {
  readonly restart: number;
  readonly expectedSize: number | undefined;
}

/** REST and ALLO are said of one transfer. */
function takeHints({ state }: Client): Hints {
  const { expectedSize, restart } = state;
  state.restart = 0;
  state.expectedSize = undefined;
  return { restart, expectedSize };
}

async function receive(client: Client, wanted: Wanted): Promise<Reply> {
  const { files, settings, state } = client;
  const { expectedSize } = takeHints(client);
  return await transferring(client, wanted, async (transfer) => {
    const arrival = await open(files, wanted, expectedSize, transfer.signal);
    try {
      const start = await startOf(arrival, wanted, transfer.signal);
      await transfer.begin(wanted.verb === "STOU" ? `FILE: ${nameOf(wanted.path)}` : `Ready at byte ${start}`);
      const end = await pour(transfer, arrival, start);
      await transfer.settle();
      if (expectedSize !== undefined && end !== expectedSize && end - start !== expectedSize) {
        throw new FtpFault(426, `Cannot publish "${wanted.path}": ${end} bytes arrived, ALLO declared ${expectedSize}`);
      }
      const { size } = await arrival.finish({ signal: transfer.signal });
      settings.log.info({ account: state.user, path: wanted.path, size, from: start }, "a file arrived over FTP");
      return reply(226, `Stored, ${size} bytes`);
    } catch (error) {
      await arrival.suspend();
      settings.log.warn({ err: error, account: state.user, path: wanted.path }, "an upload over FTP was interrupted");
      throw error;
    }
  });
}

async function open(
  files: GatewaySession,
  { at, exclusive, path }: Wanted,
  size: number | undefined,
  signal: AbortSignal,
): Promise<Arrival> {
  const anew = at === 0;
  // Of a transfer that goes on, ALLO may count the whole or the rest; only its end tells which.
  const mode: WriteMode = { truncate: anew, create: anew || at === "end", exclusive, size: anew ? size : undefined };
  return await files.openWrite(path, mode, { signal });
}

/**
 * Find where the bytes go. A client that wants to go on from earlier writes that again; the gateway may have to go back
 * further than that, and then the client has to ask again how much is here.
 */
async function startOf(arrival: Arrival, { at, path }: Wanted, signal: AbortSignal): Promise<number> {
  if (at === "end" || at === arrival.size) return arrival.size;
  if (at > arrival.size) {
    throw new FtpFault(554, `Cannot resume "${path}" at ${at}: the server has ${arrival.size} bytes`);
  }
  await arrival.goBack(at, { signal });
  if (arrival.size === at) return at;
  throw new FtpFault(554, `Cannot resume "${path}" at ${at}: resume at ${arrival.size}`);
}

async function pour(transfer: DataTransfer, arrival: Arrival, start: number): Promise<number> {
  let offset = start;
  for await (const bytes of transfer.incoming()) {
    await arrival.write(offset, bytes, { signal: transfer.signal });
    offset += bytes.length;
  }
  return offset;
}

function named({ state }: Client, argument: string): string {
  if (argument === "") throw new FtpFault(501, "Cannot transfer a file: give its name");
  return resolvePath(state.folder, argument);
}
