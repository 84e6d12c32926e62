import { isHidden } from "@naru/core";

interface Which {
  readonly from: string;
  readonly to: string;
  readonly copies: boolean;
  readonly entry: "file" | "folder";
}

/** How people know the move of a folder. */
export interface FolderMoveWords {
  /** After "Cannot": `move "a" to "b"`. */
  readonly doing: string;
  /** `the folder "a" is being moved to "b"`. */
  readonly running: string;
  /** What is so of those that were not moved. */
  readonly left: string;
  /** What moves the rest. */
  readonly again: string;
}

/** Describe a rename, a copy, a removal to the bin, or a restoration from there: what is hidden is not named. */
export function wordsOf({ copies, entry, from, to }: Which): FolderMoveWords {
  if (isHidden(to)) {
    const running = `the ${entry} "${from}" is being removed`;
    return { doing: `remove "${from}"`, running, left: "stay", again: "removing it again removes the rest" };
  }
  if (isHidden(from)) {
    const running = `the ${entry} "${to}" is being restored`;
    return {
      doing: `restore "${to}"`,
      running,
      left: "stay in the bin",
      again: "restoring it again restores the rest",
    };
  }
  const names = `"${from}" to "${to}"`;
  if (copies) {
    const running = `the ${entry} "${from}" is being copied to "${to}"`;
    return { doing: `copy ${names}`, running, left: "are missing", again: "the same copy again copies the rest" };
  }
  const running = `the ${entry} "${from}" is being moved to "${to}"`;
  return { doing: `move ${names}`, running, left: "stay", again: "the same rename again moves the rest" };
}
