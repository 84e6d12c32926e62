/** What is on this disk, compared with what the server has. */

import { stat, utimes } from "node:fs/promises";
import { type Digester, type NaruApi, openDigester } from "@naru/client/node";
import { type Abortable, crc64, type WireFile } from "@naru/core";

/** Checksums of files on this disk. Their thread starts when the first is asked for: most runs ask for none. */
export class LocalChecksums implements AsyncDisposable {
  #digester: Digester | undefined;

  async crc64(file: string, size: number, options: Abortable = {}): Promise<string> {
    if (size === 0) return crc64(new Uint8Array());
    this.#digester ??= openDigester();
    return this.#digester.crc64({ file, start: 0, size }, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#digester?.[Symbol.asyncDispose]();
  }
}

export interface SameContext extends Required<Abortable> {
  readonly api: NaruApi;
  readonly checksums: LocalChecksums;
}

/** Tell whether a file of the server is on this disk already: of its size, and of its bytes, which a checksum proves. */
export async function isSameHere(
  { api, checksums, signal }: SameContext,
  file: WireFile,
  to: string,
): Promise<boolean> {
  const facts = await stat(to).catch(() => undefined);
  if (!facts?.isFile() || facts.size !== file.size) return false;
  const known = file.crc64 ?? (await api.stat(file.path, { signal }))?.crc64;
  return known !== undefined && (await checksums.crc64(to, file.size, { signal })) === known;
}

/** Give a file on this disk the modification time that it has at the server. */
export async function setModified(to: string, modifiedMs: number): Promise<void> {
  const time = new Date(modifiedMs);
  await utimes(to, time, time);
}
