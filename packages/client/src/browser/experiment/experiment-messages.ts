import type { PostedError } from "../worker-messages.ts";
import type { ExperimentWishes, PageResult } from "./experiment-run.ts";
import type { ExperimentProgress } from "./page-way.ts";

/** What a page tells the worker of its experiment. */
export type ToExperiment = { readonly kind: "start"; readonly wishes: ExperimentWishes } | { readonly kind: "stop" };

/** What the worker tells the page; `ended` and `failed` are the last. */
export type FromExperiment =
  | { readonly kind: "progress"; readonly progress: ExperimentProgress }
  | { readonly kind: "uploads"; readonly ids: readonly string[] }
  | { readonly kind: "ended"; readonly result: PageResult }
  | { readonly kind: "failed"; readonly error: PostedError };
