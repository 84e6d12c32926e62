import { fileURLToPath } from "node:url";
import { build, defineConfig, type Plugin, type UserConfig } from "vite";
import { withoutProse } from "./without-prose.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What a worker and the parts that it loads later share stands in a file of its own: WebKit runs the worker's first file
 * once more, with everything in it, when a part imports from that.
 */
function isShared(id: string): boolean {
  return !(workerFile.test(id) || ofDownloads.test(id) || ofSomeUploads.test(id));
}

const workerFile = /-worker\.ts$/;
const ofDownloads = /\/downloads\/|\/core\/src\/(?:fetch|range-notes)\b/;
const ofSomeUploads = /\/browser\/(?:history|upload-places|second-route)\.ts$/;

/** A page: built into the server, which serves it as static files under a strict CSP. */
function page(input: string, { isFirst }: { readonly isFirst: boolean }): UserConfig {
  return {
    root: file("."),
    plugins: [withoutProse(), ...(isFirst ? [thenGuests()] : [])],
    build: {
      outDir: file("../server/public"),
      emptyOutDir: isFirst,
      target: "es2023",
      modulePreload: { polyfill: false },
      // A data: URL is what the CSP refuses.
      assetsInlineLimit: 0,
      // On a slow machine it would warn that it was slow, which is nothing to whoever starts the server.
      rolldownOptions: { checks: { bundlerTimings: false }, input: file(input) },
    },
    worker: {
      format: "es",
      plugins: () => [withoutProse()],
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: "engine", test: isShared }] } } },
    },
  };
}

/** Build the page of links too: by itself, since what two pages share makes more files of each, and larger ones. */
function thenGuests(): Plugin {
  return {
    name: "then-guests",
    apply: "build",
    closeBundle: async () => {
      await build({ ...page("guest.html", { isFirst: false }), configFile: false, logLevel: "warn" });
    },
  };
}

export default defineConfig(page("index.html", { isFirst: true }));
