/** What is said aloud of changes: ends and troubles, not every percent. */

import type { TransferView } from "../../transfers/transfer-view.ts";
import type { PageWords } from "./words-of.ts";

const worthSaying: ReadonlySet<TransferView["state"]> = new Set(["done", "failed", "needs-file", "paused", "offline"]);

/** Tell what to say of changed transfers; `undefined` when there is nothing. */
export function announceBetween(
  before: ReadonlyMap<string, TransferView>,
  changed: readonly TransferView[],
  t: PageWords,
): string | undefined {
  const news = changed.filter(({ id, state }) => {
    const old = before.get(id)?.state;
    return old !== undefined && old !== state && (worthSaying.has(state) || old === "paused");
  });
  const [first] = news;
  if (first === undefined) return undefined;
  if (news.length > 1 && news.every(({ state }) => state === "done")) return t.announceArrived(news.length);
  return news
    .slice(0, 3)
    .map(({ name, state }) => `${name}: ${t.agent.states[state]}`)
    .join(". ");
}
