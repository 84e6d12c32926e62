import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { withoutProse } from "./without-prose.ts";

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The console page: built into the server, which serves it as static files under a strict CSP. */
export default defineConfig({
  plugins: [withoutProse()],
  build: {
    outDir: "../server/public",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    // A data: URL is what the CSP refuses.
    assetsInlineLimit: 0,
    // On a slow machine it would warn that it was slow, which is nothing to whoever starts the server.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      // The console, and the page of links.
      input: [page("index.html"), page("guest.html")],
    },
  },
  worker: { format: "es", plugins: () => [withoutProse()] },
});
