/** Transfers as lines of text, and read from what the agent says. */

import { decoder, TransferError } from "@naru/core";
import { object, text, whole } from "@naru/core/schema";
import type { TransferView } from "../transfers/transfer-view.ts";

/** Read the agent's list. The agent is this very program; what it says is only looked at as far as it is shown. */
export function readViews(value: unknown): readonly TransferView[] {
  if (Array.isArray(value)) return value.map((view: unknown, index) => readView(view, `transfers[${index}]`));
  throw new TransferError("invalid", 'Cannot read "transfers": it is not a list');
}

const [word, count] = [text("Shown as it is."), whole("Shown as it is.")];
const look = decoder(
  object({
    id: word,
    name: word,
    path: word,
    to: word,
    way: word,
    state: word,
    size: count,
    confirmed: count,
    unfed: count,
    held: count,
    parts: count,
  }),
);

/** Read one transfer. */
export function readView(value: unknown, what: string): TransferView {
  look(value, what);
  // The fields that are used were looked at above.
  return value as TransferView;
}

/** Write bytes for people. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} ${units[power]}`;
}

/** Write one transfer as a line. */
export function lineOf({ id, state, confirmed, size, speed, path, to, error }: TransferView): string {
  const percent = size === 0 ? 100 : Math.floor((100 * confirmed) / size);
  const fast = speed > 0 ? `  ${sizeText(speed)}/s` : "";
  const why = error === undefined ? "" : `  ${error.message}`;
  return `${id.slice(0, 8)}  ${state.padEnd(10)} ${String(percent).padStart(3)}%  ${sizeText(size)}${fast}  ${path} -> ${to}${why}`;
}
