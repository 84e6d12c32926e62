import type { PartDigest } from "@naru/core";
import type { HashedPart, HashThread, PartInMemory } from "./hash-thread.ts";

export interface StreamDigests {
  /** Known only of files of one part: of larger ones it would take longer than all the rest. */
  readonly md5?: string;
  readonly sha256: string;
}

/** Digests of a file while its parts leave; they are known as long as no byte was missed or sent another way. */
export class WholeDigests {
  readonly #thread: HashThread;
  readonly #file: number;
  /** How many bytes were handed over. */
  #size = 0;
  #first: Promise<PartDigest | undefined> | undefined;
  #firstSize = 0;

  constructor(thread: HashThread) {
    this.#thread = thread;
    this.#file = thread.newFile();
  }

  /** Hash a part, and go on with the file's digests if it begins where the last ended. */
  take(part: PartInMemory): HashedPart {
    const goesOn = part.offset === this.#size;
    const hashed = this.#thread.part({ ...part, file: goesOn ? this.#file : undefined });
    if (goesOn) this.#size += part.size;
    if (part.offset === 0) {
      this.#first = hashed.digest;
      this.#firstSize = part.size;
    }
    return hashed;
  }

  /** The digests, if they are of `size` bytes. */
  async of(size: number): Promise<StreamDigests | undefined> {
    if (size !== this.#size) return undefined;
    const sha256 = await this.#thread.sha256(this.#file, size);
    const md5 = this.#firstSize === size ? (await this.#first)?.md5 : undefined;
    return sha256 === undefined ? undefined : { sha256, ...(md5 !== undefined && { md5 }) };
  }

  close(): void {
    this.#thread.forget(this.#file);
  }
}

export interface SmallDigests {
  readonly digest: PartDigest | undefined;
  readonly digests: StreamDigests | undefined;
}

/** The digests of a file that is in memory whole. */
export async function digestsOf(thread: HashThread, part: PartInMemory): Promise<SmallDigests> {
  const whole = new WholeDigests(thread);
  const { digest, taken } = whole.take(part);
  await taken;
  const digests = await whole.of(part.size);
  whole.close();
  return { digest: await digest, digests };
}
