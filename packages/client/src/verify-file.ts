/** Is a chosen file the one that an upload began with? Looked at before a byte is sent. */

import { type Abortable, type Body, type PartDigest, type Source, TransferError, type WireUpload } from "@naru/core";

/** What is known of the file that is wanted. */
export interface Wanted {
  readonly name: string;
  readonly size: number;
  readonly lastModified?: number | undefined;
}

/** A chosen file, as far as it is looked at. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
}

type DigestPart = (body: Body, options?: Abortable) => Promise<PartDigest>;

/** Compare name, size and time. @throws {TransferError} `file-changed` */
export function checkFacts({ name, size, lastModified }: Wanted, file: ChosenFile): void {
  const refuse = (why: string): never => {
    throw new TransferError("file-changed", `Cannot resume "${name}": ${why}`);
  };
  if (file.name.normalize() !== name.normalize() && file.name.normalize() !== original(name)) {
    refuse(`the chosen file is called "${file.name}"`);
  }
  if (file.size !== size) refuse(`the chosen file has ${file.size} bytes, not ${size}`);
  // Some file systems keep whole seconds only.
  if (lastModified !== undefined && Math.trunc(file.lastModified / 1000) !== Math.trunc(lastModified / 1000)) {
    refuse("the file was changed after the upload began");
  }
}

/** Compare one part that the store holds. @throws {TransferError} `file-changed` */
export async function checkStoredPart(
  { name }: Pick<Wanted, "name">,
  file: Pick<Source, "slice">,
  upload: WireUpload,
  digest: DigestPart,
): Promise<void> {
  const part = upload.receipts?.findLast(({ md5: held }) => held !== undefined);
  if (!part) return;
  const { md5 } = await digest(file.slice(part.offset, part.offset + part.size));
  if (md5 === part.md5) return;
  const message = `Cannot resume "${name}": its content is not what was sent before`;
  throw new TransferError("file-changed", message);
}

/** The name before the server made it another one: "a (2).bin" was "a.bin". */
function original(name: string): string {
  return name.normalize().replace(/ \(\d+\)(?=(\.[^.]*)?$)/, "");
}
