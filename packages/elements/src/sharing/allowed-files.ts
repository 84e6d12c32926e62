import type { WireGuestShare } from "@naru/core";
import { isSystemFile } from "../system-files.ts";

/** A file that a link does not take, and why. */
export interface Refusal {
  readonly name: string;
  readonly why: "system" | "type" | "size" | "room";
}

/** What a link takes, as far as the page knows it: the server says the last word. */
export class AllowedFiles {
  readonly #share: WireGuestShare | undefined;
  #bytes = 0;
  #files = 0;

  constructor(share: WireGuestShare | undefined) {
    this.#share = share;
  }

  /** Why a file is not taken; one that is keeps its room. */
  refusal({ name, size, type }: Pick<File, "name" | "size" | "type">): Refusal | undefined {
    const { maxFileSize, bytesLeft, filesLeft, types = [] } = this.#share ?? {};
    if (isSystemFile(name)) return { name, why: "system" };
    if (!isAllowedType(name, type, types)) return { name, why: "type" };
    if (maxFileSize !== undefined && size > maxFileSize) return { name, why: "size" };
    const isFull = filesLeft !== undefined && this.#files >= filesLeft;
    if (isFull || (bytesLeft !== undefined && this.#bytes + size > bytesLeft)) return { name, why: "room" };
    this.#bytes += size;
    this.#files += 1;
    return undefined;
  }
}

function isAllowedType(name: string, type: string, types: readonly string[]): boolean {
  return (
    types.length === 0 ||
    types.some((one) => {
      const wanted = one.trim().toLowerCase();
      if (!wanted.includes("/")) return name.toLowerCase().endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`);
      return wanted.endsWith("/*") ? type.toLowerCase().startsWith(wanted.slice(0, -1)) : type.toLowerCase() === wanted;
    })
  );
}
