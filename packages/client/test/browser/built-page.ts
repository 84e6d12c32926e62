/** Builds the test page once for a run: a global set-up of vitest. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the built test page of the client. */
    readonly clientPage: string;
  }
}

export default async function builtPage({ provide }: TestProject): Promise<() => Promise<void>> {
  const outDir = await mkdtemp(join(tmpdir(), "naru-built-page-"));
  await build({
    root: join(import.meta.dirname, "page"),
    configFile: false,
    logLevel: "error",
    build: { outDir, emptyOutDir: true, minify: false },
    worker: { format: "es" },
  });
  provide("clientPage", outDir);
  return () => rm(outDir, { recursive: true, force: true });
}
