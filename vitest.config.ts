import { configDefaults, defineConfig } from "vitest/config";

/** What takes long by nature: `npm run test:long` runs it, `npm test` does not. */
const long = "**/*.long.test.ts";
/** What measures time, or needs the agent's usual ports for itself: nothing runs beside it. */
const alone = "test/e2e/**/*.alone.test.ts";
const aloneLong = alone.replace("*.alone", "*.alone.long");
const unit = ["packages/*/test/**/*.test.ts", "test/*.test.ts"];
const endToEnd = "test/e2e/**/*.test.ts";
/** Files below `packages` that drive the shared Chromium, as those of `endToEnd` do. */
const pages = ["packages/client/test/browser/*.test.ts", "packages/agent/test/window/{pairing-,}window.test.ts"];

/** `run.ts` says which files cannot run here. */
const { NARU_TEST_LEFT_OUT: leftOut = "" } = process.env;
const nowhere = [...configDefaults.exclude, ...leftOut.split("\n").filter((file) => file !== "")];

/** With a page of the client that is built once, and a Chromium for each process, which stays from file to file. */
const inChromium = { globalSetup: ["packages/client/test/browser/built-page.ts"], isolate: false };

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
          exclude: [...nowhere, long, ...pages],
          // A process for each file would read most of the sources anew for each.
          isolate: false,
          // Most files wait for real peers and programs more than they compute.
          maxWorkers: 5,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...inChromium,
          name: "e2e",
          include: [endToEnd, ...pages],
          exclude: [...nowhere, long, alone],
          testTimeout: 600_000,
          maxWorkers: 5,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...inChromium,
          name: "alone",
          include: [alone],
          exclude: nowhere,
          testTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "unit-long",
          include: unit.map((pattern) => pattern.replace("*.test.ts", "*.long.test.ts")),
          exclude: nowhere,
          testTimeout: 600_000,
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          ...inChromium,
          name: "e2e-long",
          include: [endToEnd.replace("*.test.ts", "*.long.test.ts")],
          exclude: [...nowhere, aloneLong],
          testTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          ...inChromium,
          name: "alone-long",
          include: [aloneLong],
          exclude: nowhere,
          testTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
