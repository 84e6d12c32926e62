/** The worker that runs all transfers of a tab: takes verbs from the page, gives ticks. */

import { Engine } from "./engine.ts";
import { plainError } from "./row.ts";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

let engine: Promise<Engine> | undefined;

function post(message: FromWorker): void {
  self.postMessage(message);
}

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === "open") {
    engine = Engine.open(message, post);
    await engine;
  } else {
    await (await engine)?.call(message.call);
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  void handle(data).then(
    () => post({ kind: "reply", id: data.id }),
    (error: unknown) => post({ kind: "reply", id: data.id, error: plainError(error) }),
  );
};
