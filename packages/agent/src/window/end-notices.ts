/** Tells the user that files have arrived, or need a look, wherever they are on their computer. */

import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import type { Desktop } from "./desktop.ts";

/** Files that end together are told of together. */
const togetherMs = 1500;

const words = {
  en: {
    arrived: (names: readonly string[]) =>
      names.length === 1 ? `${names[0]} has arrived` : `${names.length} files have arrived`,
    failed: (names: readonly string[]) =>
      names.length === 1 ? `${names[0]} needs a look` : `${names.length} files need a look`,
  },
  ko: {
    arrived: (names: readonly string[]) => (names.length === 1 ? `${names[0]} 도착` : `파일 ${names.length}개 도착`),
    failed: (names: readonly string[]) =>
      names.length === 1 ? `${names[0]} 확인 필요` : `파일 ${names.length}개 확인 필요`,
  },
} as const;

/** Notify of ends until what is returned is called; `language` is the computer's, when the user has set none. */
export function noticeEnds(
  transfers: TransferQueue,
  { notify, language }: Pick<Desktop, "notify" | "language">,
): () => void {
  const states = new Map(transfers.list().map(({ id, state }) => [id, state]));
  const ended: TransferView[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    const told = ended.splice(0);
    const say = words[transfers.settings.language ?? language];
    const named = (state: TransferView["state"]): readonly string[] =>
      told.filter((one) => one.state === state).map(({ name }) => name);
    const [arrived, failed] = [named("done"), named("failed")];
    const lines = [arrived.length > 0 && say.arrived(arrived), failed.length > 0 && say.failed(failed)];
    // A computer without notifications misses nothing else.
    void notify("Naru Agent", lines.filter(Boolean).join("\n")).catch(() => undefined);
  };
  const stop = transfers.onEvent(({ kind, transfer }) => {
    const { id, state } = transfer;
    const before = states.get(id);
    if (kind === "gone") states.delete(id);
    else states.set(id, state);
    if (kind === "gone" || before === state || (state !== "done" && state !== "failed")) return;
    ended.push(transfer);
    timer ??= setTimeout(tell, togetherMs).unref();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
