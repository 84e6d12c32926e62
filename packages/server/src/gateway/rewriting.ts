import type { ArrivingParts } from "./arriving-parts.ts";
import { ChangedParts, mostRecalled } from "./changed-parts.ts";
import { PartBuffer } from "./part-buffer.ts";

/** What came before is written again, or cut off: wherever it is by now. */
export class Rewriting {
  readonly #parts: ArrivingParts;
  readonly #changed: ChangedParts;

  constructor(parts: ArrivingParts) {
    this.#parts = parts;
    this.#changed = new ChangedParts({
      context: parts.context,
      kept: parts.kept,
      allotment: parts.allotment,
      outgoing: parts.outgoing,
      hash: (buffer) => parts.hash(buffer),
      makeRoom: () => this.#giveMemoryBack(),
    });
  }

  /** Put all that was written again where it belongs; `settle` of the outgoing parts waits for it. */
  putAgain(): Promise<void> {
    return this.#changed.putAgain();
  }

  /** Write over bytes that came before; false, with nothing changed, if one of their parts cannot be changed any more. */
  async rewrite(offset: number, bytes: Uint8Array): Promise<boolean> {
    if (!this.canRewrite(offset, bytes.length)) return false;
    let at = offset;
    for (let left = bytes; left.length > 0; ) {
      const sent = this.#parts.outgoing.find(at);
      const buffer = sent ? await this.#changed.recall(sent) : await this.#allInMemory();
      const size = sent ? sent.part.offset + sent.part.size - at : left.length;
      if (!buffer?.rewrite(at, left.subarray(0, size))) return false;
      left = left.subarray(size);
      at += size;
    }
    return true;
  }

  /** Whether `rewrite` may succeed. */
  canRewrite(offset: number, length: number): boolean {
    for (let at = offset; at < offset + length; ) {
      const sent = this.#parts.outgoing.find(at);
      if (sent === undefined)
        return at >= this.#parts.filling.offset + this.#parts.filling.aside || this.#parts.filling.size <= mostRecalled;
      if (!this.#changed.canRecall(sent)) return false;
      at = sent.part.offset + sent.part.size;
    }
    return true;
  }

  /** Forget what lies beyond `offset`; false, with nothing forgotten, if that cannot be. */
  async cut(offset: number): Promise<boolean> {
    if (offset === 0) {
      await this.#startOver();
      return true;
    }
    if (this.#parts.filling.cut(offset)) return true;
    if (offset >= this.#parts.filling.offset) return (await this.#allInMemory())?.cut(offset) ?? false;
    if (!this.#parts.kept.readsBack) return false;
    const sent = this.#parts.outgoing.find(offset);
    const buffer = sent && offset > sent.part.offset ? await this.#changed.recall(sent) : undefined;
    if (sent && offset > sent.part.offset && buffer === undefined) return false;
    if (sent && buffer) sent.buffer = undefined;
    await this.#goBackTo(offset, buffer);
    return true;
  }

  /** Whether a part begins there, so that `rollBack` forgets nothing before it. */
  isBoundary(offset: number): boolean {
    const { filling, outgoing } = this.#parts;
    return offset === 0 || offset === filling.offset || outgoing.find(offset)?.part.offset === offset;
  }

  /** Forget what lies beyond `offset`, and before it back to where a part begins if the part is not in memory. */
  async rollBack(offset: number): Promise<void> {
    if (offset > 0 && this.#parts.filling.cut(offset)) return;
    if (offset === 0) return this.#startOver();
    await this.#goBackTo(offset, undefined);
    // What has fewer parts than the store holds may be refused there.
    if (this.#parts.outgoing.count === 0) await this.#parts.kept.startOver();
  }

  async #goBackTo(offset: number, last: PartBuffer | undefined): Promise<void> {
    const { kept, sizes } = this.#parts;
    await this.#changed.putAgain();
    await this.#parts.outgoing.settle();
    this.#parts.filling.release();
    this.#parts.outgoing.rollBack(offset);
    await kept.forgetParts(this.#parts.outgoing.count);
    this.#parts.filling = last ?? this.#parts.next();
    last?.reopen(sizes(last.number, last.offset));
    last?.cut(offset);
    await kept.noteTail({ at: this.#parts.outgoing.end, pieces: [] });
    await kept.noteDurable(this.#parts.outgoing.durable);
  }

  async #startOver(): Promise<void> {
    await this.#parts.outgoing.settle();
    this.#parts.filling.release();
    this.#parts.outgoing.rollBack(0);
    await this.#parts.kept.startOver();
    this.#parts.filling = this.#parts.next();
  }

  /** The part that fills, with what of it lay in hidden files in memory again; `undefined` if it is too much. */
  async #allInMemory(): Promise<PartBuffer | undefined> {
    const { allotment, filling, kept } = this.#parts;
    const { number, offset, pieces, size, target } = filling;
    if (pieces.length === 0) return filling;
    if (size > mostRecalled) return undefined;
    const whole = new PartBuffer(allotment, { number, offset, target });
    if (!(await whole.fill(this.#parts.bodyOf(filling).stream(), async () => allotment.take()))) {
      whole.release();
      return undefined;
    }
    filling.release();
    this.#parts.filling = whole;
    // Whatever happens now, what the files say is not the file's content any more.
    await kept.noteTail({ at: offset, pieces: [] });
    return whole;
  }

  async #giveMemoryBack(): Promise<void> {
    await this.#changed.putAgain();
    if (this.#parts.sizes.mayCutShort(this.#parts.filling)) await this.#parts.send();
    await this.#parts.outgoing.settle();
  }
}
