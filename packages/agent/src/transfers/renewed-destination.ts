/** Destinations of transfers that are tried again: with the key and the secret that their server is reached with by now. */

import type { AgentJournal } from "../journal.ts";
import type { Destination } from "./destination.ts";
import { knownKey } from "./known-keys.ts";
import type { TransferEntry } from "./transfer-table.ts";

export interface RenewOptions {
  readonly journal: AgentJournal;
  readonly others: readonly TransferEntry[];
}

/** Give a destination the newest key that its server has proved, and the newest secret that this user has sent there with. */
export function renewedDestination(entry: TransferEntry, { journal, others }: RenewOptions): Destination {
  const to = { ...entry.to, ...newestSecret(entry, others) };
  return to.kind === "sftp" ? { ...to, hostKey: knownKey(journal, to) ?? to.hostKey } : to;
}

function newestSecret(entry: TransferEntry, others: readonly TransferEntry[]): object | undefined {
  if (entry.to.granted) return undefined;
  const server = serverOf(entry.to);
  return others
    .filter(({ to, created }) => created > entry.created && !to.granted && serverOf(to) === server)
    .filter(({ error }) => error?.code !== "unauthenticated")
    .toSorted((one, other) => other.created - one.created)
    .map(({ to }) => secretOf(to))
    .find((secret) => Object.values(secret).some((word) => word !== undefined));
}

function serverOf(to: Destination): string {
  if (to.kind !== "naru") return `${to.kind}://${to.user}@${to.host}:${to.port}`;
  return `${to.origin} ${to.auth.kind === "basic" ? to.auth.user : to.auth.kind}`;
}

function secretOf(to: Destination): Record<string, unknown> {
  if (to.kind === "naru") return { auth: to.auth };
  const { password } = to;
  return to.kind === "sftp" ? { password, privateKey: to.privateKey } : { password };
}
