import { constants, mkdir, open, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Receipt, UploadOwner, UploadSpec } from "@naru/core";
import { ifThere } from "./file-error.ts";

/** One line of the log. A line that a crash tore is no JSON, and says nothing. */
type Line =
  | {
      readonly spec: Omit<UploadSpec, "modified"> & { readonly modified?: string | undefined };
      readonly begun?: string | undefined;
      readonly owner?: UploadOwner | undefined;
    }
  | { readonly receipt: Receipt }
  | { readonly drop: number };

/** What the log of an upload says. */
export interface UploadRecord {
  readonly spec: UploadSpec;
  readonly receipts: Map<number, Receipt>;
  /** Not known of uploads that an earlier version began. */
  readonly begun?: Date | undefined;
  readonly owner?: UploadOwner | undefined;
}

/**
 * The memory of one upload: an append-only file of JSON lines beside its data. Each line begins with its newline,
 * so that a torn last line cannot spoil the next one.
 */
export class UploadLog {
  readonly #file: string;
  readonly #durable: boolean;

  constructor(file: string, { durable }: { durable: boolean }) {
    this.#file = file;
    this.#durable = durable;
  }

  async begin(spec: UploadSpec, owner?: UploadOwner): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(this.#file, "", { flag: "wx" });
    const begun = new Date().toISOString();
    await this.#append({ spec: { ...spec, modified: spec.modified?.toISOString() }, begun, owner });
  }

  async add(receipt: Receipt): Promise<void> {
    await this.#append({ receipt });
  }

  /** Take a receipt back, before its bytes are overwritten. */
  async drop(number: number): Promise<void> {
    await this.#append({ drop: number });
  }

  /** Read the log; `undefined` when there is none, or one that says nothing of what it is for. */
  async read(): Promise<UploadRecord | undefined> {
    const text = await ifThere(readFile(this.#file, "utf8"));
    if (text === undefined) return undefined;
    let first: Omit<UploadRecord, "receipts"> | undefined;
    const receipts = new Map<number, Receipt>();
    for (const line of text.split("\n")) {
      const entry = decode(line);
      if (entry === undefined) continue;
      if ("spec" in entry) {
        const { spec, begun, owner } = entry;
        const modified = spec.modified === undefined ? undefined : new Date(spec.modified);
        first = { spec: { ...spec, modified }, begun: begun === undefined ? undefined : new Date(begun), owner };
      } else if ("drop" in entry) receipts.delete(entry.drop);
      else receipts.set(entry.receipt.part.number, entry.receipt);
    }
    return first && { ...first, receipts };
  }

  async #append(line: Line): Promise<void> {
    const text = `\n${JSON.stringify(line)}`;
    // Never made anew: a part that arrives while its upload is being forgotten would leave a log of nothing behind.
    await using file = await open(this.#file, constants.O_WRONLY | constants.O_APPEND);
    await file.appendFile(text);
    if (this.#durable) await file.datasync();
  }
}

function decode(line: string): Line | undefined {
  if (line === "") return undefined;
  try {
    // Only this class writes the file, inside a folder that no path reaches.
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
