/**
 * Who the client is, and over what it says so: USER and PASS (RFC 959), AUTH, PBSZ and PROT (RFC 2228, RFC 4217).
 *
 * @module
 */

import { setTimeout as wait } from "node:timers/promises";
import { isTransferError } from "@naru/core";
import type { Client } from "./client.ts";
import { type Reply, reply } from "./reply.ts";

/** USER: note the name; over a readable line there is no asking for the password if TLS is required. */
export function giveUser(client: Client, name: string): Reply {
  const { secure } = client.settings;
  if (client.state.files !== undefined) return reply(503, "Cannot sign in twice: open a new connection");
  if (secure?.required && !client.control.isSecure) {
    return reply(530, "Cannot sign in over an unencrypted connection: use AUTH TLS first");
  }
  if (name === "") return reply(501, "Cannot sign in: give a name");
  client.state.user = name;
  return reply(331, "Tell the password");
}

/** PASS: open the gateway for who proves to be the account; failures count against the address. */
export async function givePassword(client: Client, password: string): Promise<Reply> {
  const { control, peer, settings, state } = client;
  const { bans, gateway, limits, log } = settings;
  const name = state.user;
  if (state.files !== undefined) return reply(503, "Cannot sign in twice: open a new connection");
  if (name === undefined) return reply(503, "Cannot sign in: send the name first, with USER");
  const account = await settings
    .authenticate(name, password, { address: peer, secure: control.isSecure })
    .catch(refused);
  if (account === undefined) {
    state.user = undefined;
    state.tries += 1;
    await bans.fail(peer);
    log.warn({ account: name, peer }, "a sign-in over FTP failed");
    await wait(limits.failureDelayMs, undefined, { ref: false, signal: control.gone }).catch(() => undefined);
    if (state.tries < limits.loginTries && !(await bans.isBanned(peer))) {
      return reply(530, "Cannot sign in: the name or the password is wrong");
    }
    return { code: 421, text: "Cannot sign in: too many attempts", next: "close" };
  }
  client.signedIn(account.session?.() ?? gateway.open(account.name, { door: "ftp" }), account);
  log.info({ account: account.name, peer, secure: control.isSecure }, "a client signed in over FTP");
  return reply(230, "Signed in");
}

/** Who guesses on when no guess is looked at any more has failed again. */
function refused(error: unknown): undefined {
  if (!isTransferError(error) || error.code !== "throttled") throw error;
}

/** AUTH TLS: the session begins TLS once this answer is on its way. */
export function beginTls(client: Client, mechanism: string): Reply {
  if (client.settings.secure === undefined) return reply(502, "Cannot begin TLS: this server has no certificate");
  if (client.control.isSecure) return reply(503, "Cannot begin TLS: it has begun");
  if (!/^(tls|tls-c|ssl)$/iu.test(mechanism)) return reply(504, "Cannot begin anything but TLS");
  client.state.user = undefined;
  return { code: 234, text: "Begin TLS", next: "secure" };
}

/** PBSZ: TLS needs no buffer, so any size is 0. */
export function agreeBuffer(client: Client, size: string): Reply {
  if (!client.control.isSecure) return reply(503, "Cannot set the buffer size: use AUTH TLS first");
  if (!/^\d+$/u.test(size)) return reply(501, "Cannot set the buffer size: give its size");
  client.state.bufferAgreed = true;
  return reply(200, "PBSZ=0");
}

/** PROT: whether data goes over TLS (P) or in the clear (C). */
export function protect(client: Client, level: string): Reply {
  const { secure } = client.settings;
  if (!client.control.isSecure || !client.state.bufferAgreed) {
    return reply(503, "Cannot protect data: use AUTH TLS and PBSZ 0 first");
  }
  if (/^[es]$/iu.test(level)) return reply(536, "Cannot use this protection level: use PROT P");
  if (!/^[cp]$/iu.test(level)) return reply(504, "Cannot use this protection level: use PROT P");
  const wanted = level.toUpperCase() === "P";
  if (!wanted && secure?.required) return reply(534, "Cannot send data unencrypted: use PROT P");
  client.state.protectData = wanted;
  return reply(200, wanted ? "Data goes over TLS" : "Data goes in the clear");
}
