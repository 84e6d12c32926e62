/** Waits for transfers to end, with bars on a terminal. */

import { stderr } from "node:process";
import { fields, isFailureCode, TransferError } from "@naru/core";
import type { MultiBar, SingleBar } from "cli-progress";
import type { ControlClient } from "../control/control-client.ts";
import type { TransferView } from "../transfers/transfer-view.ts";
import { readView, readViews, sizeText } from "./views.ts";

const ends: ReadonlySet<string> = new Set(["done", "failed", "cancelled"]);

/** Wait until all of `ids` have ended; tell each one's end. @throws {TransferError} the first failure, after all have ended */
export async function waitFor(
  client: ControlClient,
  ids: ReadonlySet<string>,
  told: (view: TransferView) => void,
): Promise<void> {
  if (ids.size === 0) return;
  const bars = stderr.isTTY ? await openBars() : undefined;
  const left = new Set(ids);
  const reasons = new Map<string, string>();
  let failure: TransferError | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (view: TransferView): void => {
        if (!left.has(view.id)) return;
        bars?.show(view);
        if (!bars) sayWhy(view, reasons);
        if (!ends.has(view.state)) return;
        left.delete(view.id);
        failure ??= failureOf(view);
        told(view);
        if (left.size === 0) resolve();
      };
      client.onEvent((event) => look(new fields.Fields(event, "event").read("transfer", readView)));
      client.call({ command: "watch" }).then((list) => {
        for (const view of readViews(list)) look(view);
      }, reject);
      client.closed().then(() => reject(new TransferError("unavailable", "Cannot wait: the agent has ended")), reject);
    });
  } finally {
    bars?.close();
  }
  if (failure !== undefined) throw failure;
}

const restingStates: Partial<Record<TransferView["state"], string>> = {
  offline: "it waits for the server",
  scheduled: "it waits for the hours of the schedule",
  paused: "it is paused",
  "needs-file": "it waits for its file",
};

/** Where no bar shows it, tell why a transfer does not go on; each reason once. */
function sayWhy({ id, name, state, error }: TransferView, said: Map<string, string>): void {
  const resting = restingStates[state];
  if (ends.has(state) || (resting === undefined && error === undefined)) {
    said.delete(id);
    return;
  }
  const why = [resting, error?.message].filter((one) => one !== undefined).join(": ");
  if (said.get(id) === why) return;
  said.set(id, why);
  stderr.write(`${name}: ${why}\n`);
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
