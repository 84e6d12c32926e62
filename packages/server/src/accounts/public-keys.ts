/**
 * Public SSH keys by which accounts enter, as OpenSSH writes them on one line: algorithm, blob in base64, comment
 * (RFC 4253 section 6.6, RFC 8709, RFC 5656).
 *
 * @module
 */

import { createHash } from "node:crypto";
import { TransferError } from "@naru/core";
import type { Database } from "../database/database.ts";

/** What may be told of a key; it is public all of it. */
export interface PublicKeyInfo {
  /** As `ssh-keygen -l` writes it. */
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly comment: string;
  readonly created: string;
}

interface ParsedPublicKey {
  readonly algorithm: string;
  readonly blob: Buffer;
  readonly comment: string;
}

const algorithms: ReadonlySet<string> = new Set([
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
]);
const leastRsaBytes = 2048 / 8;

/** The public keys of all accounts. */
export class PublicKeys {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, { now }: { readonly now: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * Let an account enter by a key, given as the line of an OpenSSH `.pub` file. Adding it again is fine.
   *
   * @throws {TransferError} `invalid` when the line is no key, or a weak one; `not-found` when there is no such account
   */
  async add(account: string, line: string): Promise<PublicKeyInfo> {
    const { algorithm, blob, comment } = parsePublicKey(line);
    const known = await this.#db.selectFrom("accounts").select("name").where("name", "=", account).executeTakeFirst();
    if (!known) throw new TransferError("not-found", `Cannot add a key to the account "${account}": no such account`);
    const row = { account, fingerprint: fingerprintOf(blob), algorithm, comment, created: this.#now() };
    await this.#db
      .insertInto("public_keys")
      .values({ ...row, blob: blob.toString("base64") })
      .onConflict((clash) => clash.columns(["account", "fingerprint"]).doUpdateSet({ comment }))
      .execute();
    return asInfo(row);
  }

  async list(account: string): Promise<readonly PublicKeyInfo[]> {
    const rows = await this.#db
      .selectFrom("public_keys")
      .selectAll()
      .where("account", "=", account)
      .orderBy("created")
      .execute();
    return rows.map(asInfo);
  }

  /** Take a key away; false if the account has none of this fingerprint. */
  async remove(account: string, fingerprint: string): Promise<boolean> {
    const gone = await this.#db
      .deleteFrom("public_keys")
      .where("account", "=", account)
      .where("fingerprint", "=", fingerprint)
      .executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }

  /** Tell whether an account may enter by the key of this blob. That a client owns it is for others to prove. */
  async has(account: string, blob: Uint8Array): Promise<boolean> {
    const row = await this.#db
      .selectFrom("public_keys")
      .select("account")
      .where("account", "=", account)
      .where("fingerprint", "=", fingerprintOf(blob))
      .executeTakeFirst();
    return row !== undefined;
  }
}

function parsePublicKey(line: string): ParsedPublicKey {
  const [, algorithm = "", base64 = "", comment = ""] =
    /^\s*(\S+)\s+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*?))?\s*$/.exec(line) ?? [];
  const blob = Buffer.from(base64, "base64");
  const fields = fieldsOf(blob);
  if (!algorithms.has(algorithm) || fields?.[0]?.toString("latin1") !== algorithm) {
    throw new TransferError("invalid", "Cannot add the key: it is not the line of an OpenSSH public key");
  }
  if (algorithm === "ssh-rsa" && (fields[2]?.length ?? 0) < leastRsaBytes) {
    throw new TransferError("invalid", "Cannot add the key: an RSA key needs 2048 bits");
  }
  return { algorithm, blob, comment };
}

/** The fields of a blob, each with its length in front; `undefined` when they do not add up. */
function fieldsOf(blob: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (blob.length - at < 4) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields.length > 1 ? fields : undefined;
}

function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replaceAll("=", "")}`;
}

function asInfo(row: Omit<PublicKeyInfo, "created"> & { readonly created: number }): PublicKeyInfo {
  const { fingerprint, algorithm, comment, created } = row;
  return { fingerprint, algorithm, comment, created: new Date(created).toISOString() };
}
