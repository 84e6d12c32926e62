/** The keys of the list: arrows move between transfers, a transfer has keys of its own. */

import type { TransferView } from "../../transfers/transfer-view.ts";
import { type ItemAction, isOver, toggleOf } from "./transfer-item.ts";

/** Tell what a key does to a transfer that has the focus. */
export function keyAction(
  { key, altKey, ctrlKey, metaKey }: KeyboardEvent,
  transfer: TransferView,
): ItemAction | "next" | "previous" | undefined {
  if (ctrlKey || metaKey) return undefined;
  if (altKey) {
    if (isOver(transfer)) return undefined;
    return key === "ArrowUp" ? "up" : key === "ArrowDown" ? "down" : undefined;
  }
  switch (key) {
    case "ArrowDown":
      return "next";
    case "ArrowUp":
      return "previous";
    case " ":
    case "Enter":
      return toggleOf(transfer);
    case "Delete":
    case "Backspace":
      return isOver(transfer) ? "remove" : "cancel";
    default:
      return undefined;
  }
}
