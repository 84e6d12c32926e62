import type { Abortable, Part } from "./store.ts";

export interface MovePartOptions extends Required<Abortable> {
  /** To be called with the bytes of this part that have moved so far. */
  readonly onProgress: (moved: number) => void;
  /** A new connection is faster than one that has been used. */
  readonly fresh: boolean;
}

/** What a run does with each of its parts: send it, or fetch it. */
export interface PartWork {
  /** Changes whenever something has arrived for good: then a failure is waited out as if it were the first. */
  readonly arrived: number;
  /** The same part may be on its way twice. */
  readonly mayOverlap?: boolean | undefined;
  /** Bytes of a part that earlier tries have moved for good. */
  begun?(part: Part): number;
  /** Do what must be done before a part may move, and may take long; done anew for every try. */
  ready?(part: Part, options: Abortable): Promise<void>;
  /** Move a part; what it returns is called once the part no longer counts as in flight. */
  move(part: Part, options: MovePartOptions): Promise<() => void>;
  /** The parts that come next, in order, of which `room` are soon to move. */
  ahead?(coming: readonly Part[], room: number, options: Required<Abortable>): void;
  /** The bytes of a part were not what they should be. */
  damaged?(part: Part): void;
}
