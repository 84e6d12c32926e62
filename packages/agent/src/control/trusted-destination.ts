/** Destinations whose servers are who they should be: an SFTP server is asked for its key before anything is queued. */

import { isTransferError, TransferError } from "@naru/core";
import type { AgentJournal } from "../journal.ts";
import { addressOf } from "../stores/ssh-connection.ts";
import type { Destination, SftpDestination } from "../transfers/destination.ts";
import { knownKey, rememberKey } from "../transfers/known-keys.ts";
import { shownKey } from "../transfers/open-store.ts";
import { readDestination } from "../transfers/read-destination.ts";
import type { SendCommand } from "./messages.ts";

/** A server that is not known must answer; one that is known may be out of reach when something is queued for it. */
const patienceMs = { unknown: 15_000, known: 5000 };

export interface TrustOptions {
  readonly journal: AgentJournal;
  /** The key that the user has named now. */
  readonly hostKey?: string | undefined;
}

/** Read a destination and see whether its server is trusted. @throws {TransferError} `invalid`, and as `trusted` does */
export async function trustedDestination(
  { to: url, hostKey, privateKey, token }: Omit<SendCommand, "command" | "files">,
  { journal }: Pick<TrustOptions, "journal">,
): Promise<Destination> {
  const to = readDestination(url, { hostKey, privateKey, token });
  return trusted(to, { journal, hostKey: to.kind === "sftp" ? to.hostKey : undefined });
}

/**
 * Give a destination the key that its server is known by. A key that the server shows is known from then on.
 *
 * @throws {TransferError} `forbidden` with the key of a server that nobody knows, or whose key is another one;
 *   `unreachable` when nobody knows the server and it does not answer
 */
export async function trusted(to: Destination, { journal, hostKey }: TrustOptions): Promise<Destination> {
  if (to.kind !== "sftp") return to;
  const known = knownKey(journal, to) ?? to.hostKey;
  const wanted = hostKey ?? known;
  const found = await foundKey(to, { isKnown: wanted !== undefined });
  if (found !== undefined) {
    if (found !== wanted) throw untrusted(to, { found, known, hostKey });
    rememberKey(journal, to, found);
  }
  return { ...to, hostKey: wanted };
}

async function foundKey(to: SftpDestination, { isKnown }: { isKnown: boolean }): Promise<string | undefined> {
  const signal = AbortSignal.timeout(patienceMs[isKnown ? "known" : "unknown"]);
  try {
    return await shownKey(to, { signal });
  } catch (cause) {
    if (isKnown) return undefined;
    if (isTransferError(cause)) throw cause;
    throw new TransferError("unreachable", `Cannot reach "${addressOf(to)}": it does not answer`, { cause });
  }
}

interface Keys {
  readonly found: string;
  readonly known: string | undefined;
  readonly hostKey: string | undefined;
}

function untrusted(to: SftpDestination, { found, known, hostKey }: Keys): TransferError {
  const why =
    hostKey !== undefined
      ? `its host key is ${found}, not ${hostKey}`
      : known === undefined
        ? `its host key ${found} is not known`
        : `its host key ${found} has CHANGED: someone may stand in between (it was ${known}; --host-key names the new one)`;
  return new TransferError("forbidden", `Cannot trust "${addressOf(to)}": ${why}`);
}
