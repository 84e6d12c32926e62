import { defineConfig } from "vite";

/** The agent's window: built beside the compiled agent, and carried inside its program. */
export default defineConfig({
  base: "/ui/",
  build: {
    outDir: "../../../dist/window",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    // A data: URL is what the CSP refuses.
    assetsInlineLimit: 0,
  },
});
