/** Waits for transfers to end: with bars on a terminal, elsewhere with a line for each reason to wait. */

import { stderr } from "node:process";
import { decoder, isFailureCode, TransferError } from "@naru/core";
import { anything, object } from "@naru/core/schema";
import type { MultiBar, SingleBar } from "cli-progress";
import type { ControlClient } from "../control/control-client.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import { readView, readViews, sizeText } from "./views.ts";
import { reasonTeller } from "./wait-reasons.ts";

const readEvent = decoder(object({ transfer: anything("A transfer.") }));
const ends: ReadonlySet<string> = new Set(["done", "failed", "cancelled"]);

/** Wait until all of `ids` have ended; tell each one's end. @throws {TransferError} the first failure, after all have ended */
export async function waitFor(
  client: ControlClient,
  ids: ReadonlySet<string>,
  told: (view: TransferView) => void,
): Promise<void> {
  if (ids.size === 0) return;
  const bars = stderr.isTTY ? await openBars() : undefined;
  const sayWhy = bars === undefined ? reasonTeller((line) => console.error(line)) : undefined;
  try {
    await untilEnded(client, ids, (view) => {
      bars?.show(view);
      sayWhy?.(view);
      if (ends.has(view.state)) told(view);
    });
  } finally {
    bars?.close();
  }
}

/** Look at each of `ids` whenever it changes, until all have ended. @throws {TransferError} the first failure, then */
export async function untilEnded(
  client: ControlClient,
  ids: ReadonlySet<string>,
  look: (view: TransferView) => void,
): Promise<void> {
  const left = new Set(ids);
  let failure: TransferError | undefined;
  await new Promise<void>((resolve, reject) => {
    const seen = (view: TransferView): void => {
      if (!left.has(view.id)) return;
      look(view);
      if (!ends.has(view.state)) return;
      left.delete(view.id);
      failure ??= failureOf(view);
      if (left.size === 0) resolve();
    };
    client.onEvent((event) => seen(readView(readEvent(event, "event").transfer, "event.transfer")));
    client.call({ command: "watch" }).then((list) => {
      for (const view of readViews(list)) seen(view);
    }, reject);
    client.closed().then(() => reject(new TransferError("unavailable", "Cannot wait: the agent has exited")), reject);
  });
  if (failure !== undefined) throw failure;
}

function failureOf({ state, path, error }: TransferView): TransferError | undefined {
  if (state === "done") return undefined;
  if (error === undefined) return new TransferError("internal", `Cannot send "${path}": it was cancelled`);
  return new TransferError(isFailureCode(error.code) ? error.code : "internal", error.message);
}

interface Bars {
  show(view: TransferView): void;
  close(): void;
}

async function openBars(): Promise<Bars> {
  const { default: progress } = await import("cli-progress");
  const bars: MultiBar = new progress.MultiBar(
    {
      format: "{bar} {percentage}%  {sent} / {whole}  {speed}  {state}  {name}",
      barsize: 24,
      hideCursor: true,
      stream: stderr,
      emptyOnZero: true,
    },
    progress.Presets.shades_classic,
  );
  const shown = new Map<string, SingleBar>();
  return {
    show: (view) => {
      const bar = shown.get(view.id) ?? bars.create(view.size, 0, textsOf(view));
      shown.set(view.id, bar);
      bar.update(view.confirmed, textsOf(view));
    },
    close: () => bars.stop(),
  };
}

function textsOf({ name, state, size, confirmed, speed }: TransferView): Record<string, string> {
  const fast = speed > 0 ? `${sizeText(speed)}/s` : "";
  return { name, state, sent: sizeText(confirmed), whole: sizeText(size), speed: fast };
}
