/** What the page and the engine's worker say to each other. Files and handles are posted as they are: that is cheap. */

import type { FailureCode } from "@naru/core";
import type { GroupVerb, HandedOver, Incoming, SendConflict, Tick } from "./transfers.ts";

/** What is done with all rows, those of other tabs too. */
export type AllRowsVerb = "pauseAll" | "resumeAll" | "retryAll" | "clear";

/** A verb of `Transfers`, as it is posted. */
export type Call =
  | {
      readonly verb: "add";
      readonly files: readonly Incoming[];
      readonly to: string;
      readonly drop: string;
      readonly conflict?: SendConflict | undefined;
    }
  /** All files of the drop have been added. */
  | { readonly verb: "allFound"; readonly drop: string }
  | {
      readonly verb: "download";
      readonly paths: readonly string[];
      readonly folder: FileSystemDirectoryHandle | undefined;
      readonly drop: string;
    }
  | { readonly verb: "pause" | "resume" | "retry" | "cancel" | "save" | "release" | "takeBack"; readonly key: string }
  | { readonly verb: "choose"; readonly key: string; readonly chosen: Incoming }
  | { readonly verb: "group"; readonly group: string; readonly does: GroupVerb }
  | { readonly verb: "move"; readonly unit: string; readonly order: number }
  | { readonly verb: AllRowsVerb }
  | { readonly verb: "wake" }
  /** Answered when the rows of uploads that only the server knew of have been told. */
  | { readonly verb: "listed" }
  | { readonly verb: "limit"; readonly bytesPerSecond: number | undefined };

export type ToWorker =
  | {
      readonly kind: "open";
      readonly id: number;
      readonly origin: string;
      readonly user: string;
      readonly limit?: number | undefined;
    }
  | { readonly kind: "call"; readonly id: number; readonly call: Call }
  | { readonly kind: "chooseAll"; readonly id: number; readonly files: readonly Incoming[] }
  | { readonly kind: "handOverFile"; readonly id: number; readonly key: string }
  | { readonly kind: "handOverUpload"; readonly id: number; readonly key: string };

/** An error that went through `postMessage`. */
export interface PostedError {
  readonly code: FailureCode;
  readonly message: string;
}

/** A file that was handed over, the id of an upload, or how many rows got their file. */
export type Answer = HandedOver | string | number | undefined;

export type FromWorker =
  | {
      readonly kind: "reply";
      readonly id: number;
      readonly error?: PostedError | undefined;
      readonly answer?: Answer;
    }
  | { readonly kind: "tick"; readonly tick: Tick }
  /** A kept handle that needs a click: the page alone may ask for permission. */
  | { readonly kind: "handle"; readonly key: string; readonly handle: FileSystemFileHandle | FileSystemDirectoryHandle }
  /** A download that is whole: only a page can have the browser save it. */
  | { readonly kind: "save"; readonly name: string; readonly file: File };

/** What is done with many rows, those of other tabs too. */
export type ManyRowsCall = Exclude<Extract<Call, { verb: AllRowsVerb | "group" | "move" }>, { key: string }>;

/** Tell whether a call is for many rows. */
export function isForMany(call: Call): call is ManyRowsCall {
  return ["pauseAll", "resumeAll", "retryAll", "clear", "group", "move"].includes(call.verb);
}
