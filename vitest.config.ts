import { defineConfig } from "vitest/config";

/** What takes long by nature: `npm run test:long` runs it, `npm test` does not. */
const long = "**/*.long.test.ts";
const unit = ["packages/*/test/**/*.test.ts", "test/*.test.ts"];
const pages = ["packages/client/test/browser/*.test.ts", "packages/agent/test/window/{pairing-,}window.test.ts"];
const endToEnd = ["test/e2e/**/*.test.ts"];
const nowhere = "**/node_modules/**";

export default defineConfig({
  test: {
    // Limits are for what hangs; a slow machine takes thrice as long.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 90_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: unit,
          exclude: [nowhere, long, ...pages],
          // Most files wait for real peers and programs more than they compute.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [...endToEnd, ...pages],
          exclude: [nowhere, long],
          testTimeout: 600_000,
          globalSetup: ["packages/client/test/browser/built-page.ts"],
          // One process after another would start a Chromium of its own for each file: these stay, and each has one.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "unit-long",
          include: unit.map((pattern) => pattern.replace("*.test.ts", "*.long.test.ts")),
          testTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e-long",
          include: endToEnd.map((pattern) => pattern.replace("*.test.ts", "*.long.test.ts")),
          testTimeout: 600_000,
          isolate: false,
          // Kills, cuts and measured memory share two cores: one file after another.
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
