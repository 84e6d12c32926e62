/**
 * What the next transfer will be: its data connection (PASV and PORT of RFC 959, EPSV and EPRT of RFC 2428), where it
 * begins (REST of RFC 3659), how long it is (ALLO). Files are bytes here: TYPE A is accepted and changes nothing.
 *
 * @module
 */

import { isIPv4 } from "node:net";
import type { Client } from "./client.ts";
import { activeSource, passiveSource } from "./data-connection.ts";
import { plainAddress } from "./peer-address.ts";
import { type Reply, reply } from "./reply.ts";

const onlyExtended = reply(503, "Cannot use this command: EPSV ALL was sent");

/** PASV: listen for the next data connection, and tell address and port. */
export async function enterPassive(client: Client): Promise<Reply> {
  const { host, settings, state } = client;
  if (state.extendedOnly) return onlyExtended;
  const address = settings.passiveAddress ?? host;
  if (!isIPv4(address)) return reply(425, "Cannot announce an IPv6 address with PASV: use EPSV");
  const port = await listenForData(client);
  const numbers = [...address.split("."), port >> 8, port & 0xff].join(",");
  return reply(227, `Entering Passive Mode (${numbers}).`);
}

/** EPSV: listen for the next data connection, and tell the port only. */
export async function enterExtendedPassive(client: Client, argument: string): Promise<Reply> {
  if (/^all$/iu.test(argument)) {
    client.state.extendedOnly = true;
    return reply(200, "Only EPSV from here on");
  }
  const family = isIPv4(client.host) ? "1" : "2";
  if (argument !== "" && argument !== family) return reply(522, `Network protocol not supported, use (${family})`);
  const port = await listenForData(client);
  return reply(229, `Entering Extended Passive Mode (|||${port}|)`);
}

async function listenForData({ host, peer, settings, state }: Client): Promise<number> {
  state.data?.close();
  state.data = undefined;
  const source = await passiveSource(settings.ports, { host, peer, acceptMs: settings.limits.acceptMs });
  state.data = source;
  return source.port;
}

/** PORT: note where the client listens, if that is allowed. */
export function announceActive(client: Client, argument: string): Reply {
  const numbers = /^\d{1,3}(,\d{1,3}){5}$/u.test(argument) ? argument.split(",").map(Number) : [];
  const [high = 0, low = 0] = numbers.slice(4);
  if (numbers.length === 0 || numbers.some((number) => number > 255)) return reply(501, "Cannot read the address");
  return dialOut(client, numbers.slice(0, 4).join("."), high * 256 + low);
}

/** EPRT: the same for both kinds of address. */
export function announceActiveExtended(client: Client, argument: string): Reply {
  const [, , , address = "", port] = /^([!-~])([12])\1(.+?)\1(\d{1,5})\1$/u.exec(argument) ?? [];
  if (port === undefined) return reply(501, "Cannot read the address");
  return dialOut(client, address, Number(port));
}

/** A server that connects wherever it is told attacks others for strangers (RFC 2577): only to the client, and to no service. */
function dialOut({ peer, settings, state }: Client, address: string, port: number): Reply {
  if (!settings.active) return reply(502, "Cannot connect to clients: use EPSV or PASV");
  if (state.extendedOnly) return onlyExtended;
  if (plainAddress(address) !== peer || port < 1024 || port > 65_535) {
    return reply(504, "Cannot connect there: only to the client's own address, port 1024 or higher");
  }
  state.data?.close();
  state.data = activeSource({ host: peer, port, acceptMs: settings.limits.acceptMs });
  return reply(200, "Noted");
}

/** REST: note where the next transfer begins. */
export function setRestart({ state }: Client, argument: string): Reply {
  const offset = asSize(argument);
  if (offset === undefined) return reply(501, "Cannot restart there: give an offset in bytes");
  state.restart = offset;
  return reply(350, `The next transfer begins at ${offset}`);
}

/** ALLO: note how long the next file is; a file of another length is not published. */
export function acceptSize({ state }: Client, argument: string): Reply {
  const size = asSize(argument.replace(/ R \d+$/iu, ""));
  if (size === undefined) return reply(501, "Cannot read the size: give it in bytes");
  // "ALLO 0" is said by clients that do not know.
  state.expectedSize = size > 0 ? size : undefined;
  return reply(200, "Noted");
}

function asSize(text: string): number | undefined {
  const size = Number(text);
  return /^\d+$/u.test(text) && Number.isSafeInteger(size) ? size : undefined;
}

/** TYPE: any that means bytes, or text that is left alone. */
export function setType(_session: Client, type: string): Reply {
  if (!/^(i|l ?8|a( n)?)$/iu.test(type)) return reply(504, "Cannot use this type: files are bytes (TYPE I)");
  return reply(200, `Type ${type.toUpperCase()}`);
}

/** STRU: files only. */
export function setStructure(_session: Client, structure: string): Reply {
  return /^f$/iu.test(structure) ? reply(200, "Structure F") : reply(504, "Cannot use any structure but F");
}

/** MODE: streams only. */
export function setMode(_session: Client, mode: string): Reply {
  return /^s$/iu.test(mode) ? reply(200, "Mode S") : reply(504, "Cannot use any mode but S");
}
