/** What the page and the engine's worker say to each other. Files and handles are posted as they are: that is cheap. */

import type { FailureCode } from "@naru/core";
import type { HandedOver, Incoming, SendConflict, Tick } from "./transfers.ts";

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
  | { readonly verb: AllRowsVerb }
  | { readonly verb: "wake" }
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
  | { readonly kind: "handOverFile"; readonly id: number; readonly key: string }
  | { readonly kind: "handOverUpload"; readonly id: number; readonly key: string };

/** An error that went through `postMessage`. */
export interface PostedError {
  readonly code: FailureCode;
  readonly message: string;
}

export type FromWorker =
  | {
      readonly kind: "reply";
      readonly id: number;
      readonly error?: PostedError | undefined;
      /** The file that was handed over, or the id of the upload. */
      readonly answer?: HandedOver | string | undefined;
    }
  | { readonly kind: "tick"; readonly tick: Tick }
  /** A kept handle that needs a click: the page alone may ask for permission. */
  | { readonly kind: "handle"; readonly key: string; readonly handle: FileSystemFileHandle | FileSystemDirectoryHandle }
  /** A download that is whole: only a page can have the browser save it. */
  | { readonly kind: "save"; readonly name: string; readonly file: File };

/** Tell whether a call is for all rows. */
export function isForAll(call: Call): call is { readonly verb: AllRowsVerb } {
  return ["pauseAll", "resumeAll", "retryAll", "clear"].includes(call.verb);
}
