import type { Abortable } from "@naru/core";
import type { Answer } from "./answers.ts";
import type { Lane } from "./order.ts";
import type { Request, WritePiece } from "./packets.ts";

const kinds = ["read", "readdir", "fstat", "fsetstat", "fsync"] as const;

/** What is asked of a handle, and answered in its turn. */
export type FileRequest = Extract<Request, { kind: (typeof kinds)[number] }>;

export function isOfFile(request: Request): request is FileRequest {
  return kinds.some((kind) => kind === request.kind);
}

/** One open handle. Its methods fail with a TransferError; the answer is made from it. */
export interface OpenFile {
  readonly lane: Lane;
  answer(request: FileRequest, options: Abortable): Promise<Answer>;
  /** Take a piece; a failure is told when its packet is whole. */
  write(piece: WritePiece, options: Abortable): Promise<void>;
  /** The client is done: what was written appears. */
  close(): Promise<void>;
  /** The client is gone: what was written is kept. Also after `close`. */
  leave(): Promise<void>;
}

/** Close it; it is done with, whether it appears or not. */
export async function closeFile(file: OpenFile): Promise<void> {
  try {
    await file.close();
  } finally {
    // What did not appear is kept.
    await file.leave();
  }
}
