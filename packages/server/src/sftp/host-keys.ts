import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { makeHostKey, publicHalf } from "./ssh2.ts";

/** A key that the server shows to clients, and how a person recognizes it. */
export interface HostKey {
  readonly algorithm: string;
  /** Private, OpenSSH's own form. */
  readonly pem: string;
  /** As `ssh-keygen -l` writes it: `SHA256:` and 43 letters. */
  readonly fingerprint: string;
}

/**
 * Read the host keys in `folder`, and make those that there are none of: Ed25519, and RSA for old clients. Only the owner
 * of the process can read them.
 *
 * @throws {TransferError} `invalid` when a file there is no private key
 */
export async function hostKeys(folder: string): Promise<readonly HostKey[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all((["ed25519", "rsa"] as const).map((kind) => hostKey(folder, kind)));
}

async function hostKey(folder: string, kind: "ed25519" | "rsa"): Promise<HostKey> {
  const file = join(folder, `ssh_host_${kind}_key`);
  const pem = (await readIfThere(file)) ?? (await make(file, kind));
  try {
    const { algorithm, blob } = publicHalf(pem);
    return { algorithm, pem, fingerprint: fingerprint(blob) };
  } catch (cause) {
    throw new TransferError("invalid", `Cannot use the host key "${file}": it is not a private key`, { cause });
  }
}

function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replaceAll("=", "")}`;
}

async function make(file: string, kind: "ed25519" | "rsa"): Promise<string> {
  const pem = await makeHostKey(kind);
  // Whole or not at all: half a key would keep the server from starting again.
  const half = `${file}.new`;
  await rm(half, { force: true });
  await writeFile(half, pem, { mode: 0o600, flush: true });
  await rename(half, file);
  return pem;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
