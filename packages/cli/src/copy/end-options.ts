import type { SpeedLimit } from "../speed-limit.ts";

/** How an end of a copy is opened. */
export interface EndOptions {
  /** `FROM_X` and `TO_X` are `X` for one end only: two clouds have two keys. */
  readonly role: "FROM" | "TO";
  /** Only below this: empty, or with a final `/`. */
  readonly prefix: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limit: SpeedLimit;
  readonly signal: AbortSignal;
  /** Nothing is made there. */
  readonly dryRun?: boolean | undefined;
}

/** Read what `--prefix` says. */
export function prefixOf(text: string): string {
  const path = text.replaceAll(/^\/+|\/+$/gu, "");
  return path === "" ? "" : `${path}/`;
}
