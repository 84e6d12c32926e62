/**
 * What says that a multipart upload is ours: a small object `.naru/uploads/TOKEN` beside the files, since S3 shows nothing of an
 * upload but its key and id. It holds the upload's id, whose it is and how long it lives; when it was written last is when its owner
 * last worked on it (`docs/decisions/042-janitor.md`).
 */

import { type Abortable, hiddenFolder, renewalMs, type UploadOwner } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import { putWhole } from "./put-whole.ts";
import { decodeUploadKey, encodeUploadKey, type UploadKey } from "./upload-id.ts";

/** Where marks are, below the store's prefix. */
export const marksFolder: string = `${hiddenFolder}/uploads/`;

/** After a failure: a key that may not write here is not asked for a mark with every part. */
const againMs = 60_000;
/** For one that is stuck on a dead connection no part may wait long. */
const patienceMs = 5_000;

/** The mark of one upload. */
export class UploadMark {
  readonly #context: BucketContext;
  readonly #uploadKey: UploadKey;
  #dueMs = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(context: BucketContext, uploadKey: UploadKey) {
    this.#context = context;
    this.#uploadKey = uploadKey;
  }

  /** Say that it is worked on: writes the mark where it is missing or old. Never throws: an upload goes on without. */
  touch(): Promise<void> {
    const { clock, owner } = this.#context;
    const now = clock.now();
    if (this.#isOver || now < this.#dueMs) return this.#writing;
    this.#dueMs = now + renewalMs(owner.current.lifeMs);
    this.#writing = this.#write().catch(() => {
      this.#dueMs = now + againMs;
    });
    return this.#writing;
  }

  /** Take it away: the upload is no more. */
  async remove(options: Abortable = {}): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    await this.#context.control.remove(this.#context.prefix + this.#path, options);
  }

  get #path(): string {
    return marksFolder + this.#uploadKey.token;
  }

  async #write(): Promise<void> {
    const { owner, clock } = this.#context;
    const { begun = clock.now() } = this.#uploadKey;
    const mark: Mark = { id: encodeUploadKey(this.#uploadKey), begun, ...owner.current };
    const body = new Blob([JSON.stringify(mark)]);
    const spec = { path: this.#path, size: body.size, type: "application/json" };
    await putWhole(this.#context, spec, body, { signal: AbortSignal.timeout(patienceMs) });
  }
}

interface Mark extends UploadOwner {
  readonly id: string;
  readonly begun: number;
}

/** What a mark says. */
export interface ReadMark {
  readonly uploadKey: UploadKey;
  readonly begun: Date;
  readonly owner: UploadOwner;
}

/** Read a mark of this name; `undefined` for what is none: only what it names by its token may be ended. */
export function readMark(text: string, { name, prefix }: { name: string; prefix: string }): ReadMark | undefined {
  const mark = parse(text);
  if (!isMark(mark)) return undefined;
  const uploadKey = keyIn(mark.id);
  if (uploadKey?.token !== name || !uploadKey.key.startsWith(prefix)) return undefined;
  const { installation, lifeMs, begun } = mark;
  return { uploadKey, begun: new Date(begun), owner: { installation, lifeMs } };
}

function keyIn(id: string): UploadKey | undefined {
  try {
    return decodeUploadKey(id);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== "object" || value === null) return false;
  const { id, begun, installation, lifeMs }: Partial<Record<keyof Mark, unknown>> = value;
  return (
    typeof id === "string" && Number.isFinite(begun) && typeof installation === "string" && Number.isFinite(lifeMs)
  );
}
