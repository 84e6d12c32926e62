/** The worker that runs all transfers of a tab: takes verbs from the page, gives ticks. */

import { Engine } from "./engine.ts";
import { plainError } from "./row.ts";
import type { Answer, FromWorker, ToWorker } from "./worker-messages.ts";

let engine: Promise<Engine> | undefined;

function post(message: FromWorker): void {
  self.postMessage(message);
}

async function handle(message: ToWorker): Promise<Answer> {
  if (message.kind === "open") {
    engine = Engine.open(message, post);
    await engine;
    return undefined;
  }
  if (message.kind === "chooseAll") return (await engine)?.chooseAll(message.files);
  if (message.kind === "handOverFile") return (await engine)?.handOverFile(message.key);
  if (message.kind === "handOverUpload") return (await engine)?.handOverUpload(message.key);
  await (await engine)?.call(message.call);
  return undefined;
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  void handle(data).then(
    (answer) => post({ kind: "reply", id: data.id, answer }),
    (error: unknown) => post({ kind: "reply", id: data.id, error: plainError(error) }),
  );
};
