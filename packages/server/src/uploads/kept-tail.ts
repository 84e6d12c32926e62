import type { Files } from "@naru/core";

/** Bytes of an upload that are no part yet, kept as hidden files, in order. */
export interface KeptTail {
  /** Where in the file they begin. */
  readonly at: number;
  readonly pieces: readonly { readonly path: string; readonly size: number }[];
}

export const noTail: KeptTail = { at: 0, pieces: [] };

export function encodeTail(tail: KeptTail): string {
  return JSON.stringify(tail);
}

export function decodeTail(text: string): KeptTail {
  // Only `encodeTail` writes it.
  return JSON.parse(text) as KeptTail;
}

/** Remove the hidden files of a tail. */
export async function removeTail(files: Pick<Files, "remove">, { pieces }: Pick<KeptTail, "pieces">): Promise<void> {
  for (const { path } of pieces) await files.remove(path);
}
