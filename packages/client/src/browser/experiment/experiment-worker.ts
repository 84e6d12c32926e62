/** The worker that runs the page's part of the experiment. */

import { plainError } from "../row.ts";
import type { FromExperiment, ToExperiment } from "./experiment-messages.ts";
import { type ExperimentListener, runExperiment } from "./experiment-run.ts";

/** Progress is drawn, not measured. */
const tellEveryMs = 100;

const stopping = new AbortController();
let told = 0;

function post(message: FromExperiment): void {
  self.postMessage(message);
}

const listener: ExperimentListener = {
  progress(progress) {
    const now = performance.now();
    if (now - told < tellEveryMs) return;
    told = now;
    post({ kind: "progress", progress });
  },
  uploads: (ids) => post({ kind: "uploads", ids }),
};

self.onmessage = ({ data }: MessageEvent<ToExperiment>) => {
  if (data.kind === "stop") return stopping.abort(new DOMException("The experiment was stopped", "AbortError"));
  void runExperiment(data.wishes, listener, stopping.signal).then(
    (result) => post({ kind: "ended", result }),
    (error: unknown) => post({ kind: "failed", error: plainError(error) }),
  );
};
