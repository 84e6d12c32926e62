/**
 * Azurite, Microsoft's emulator of Azure Blob Storage, from npm: one process for each test file that needs it, ready in a few
 * seconds, gone with it. It keeps what it has in memory.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";

const program = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");

/** What every Azurite knows: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface AzuriteOptions {
  /** Files of a certificate and its key: then it speaks HTTPS, and takes tokens of any issuer. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

export interface Azurite extends AsyncDisposable {
  readonly account: string;
  /** The account's key, in base64. */
  readonly key: string;
  /** Of the blob service: ends with the account. */
  readonly endpoint: string;
}

/** Start one; it ends with this process if not before. */
export async function startAzurite({ certificate }: AzuriteOptions = {}): Promise<Azurite> {
  const secure = certificate ? ["--cert", certificate.cert, "--key", certificate.key, "--oauth", "basic"] : [];
  // The newest SDK speaks a version that the newest Azurite does not know.
  const fixed = ["--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"];
  const args = [program, "--blobHost", "127.0.0.1", "--blobPort", "0", ...fixed, ...secure];
  const child = spawn(process.execPath, args, { cwd: tmpdir(), stdio: ["ignore", "pipe", "inherit"] });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  const ended = once(child, "exit").finally(() => process.off("exit", end));
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const origin = /listens on (https?:\S+)/.exec(line)?.[1];
      if (origin) return origin;
    }
    throw new Error(`Cannot start Azurite: it ended with ${(await ended)[0]}`);
  })();
  const origin = await ready;
  child.stdout.resume();
  return {
    account,
    key,
    endpoint: `${origin}/${account}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
