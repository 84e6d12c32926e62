import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { memoryStore } from "@naru/core/testing";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";

const here = import.meta.dirname;
const tsc = join(here, "../../../../node_modules/.bin/tsc");
const tsconfig = {
  extends: join(here, "../../../../tsconfig.base.json"),
  compilerOptions: {
    noEmit: true,
    composite: false,
    declarationMap: false,
    isolatedDeclarations: false,
    lib: ["es2023", "dom"],
  },
  include: ["*.ts"],
};

/** What `carry-files.ts` exports; its own types need the client that is generated beside it. */
interface Carrying {
  carryFiles(baseUrl: string, password: string, bytes: Uint8Array<ArrayBuffer>): Promise<string[]>;
}

let door: HttpDoor;
let folder: string;
beforeAll(async () => {
  door = await httpDoor(memoryStore());
  // Inside the package, so that what is generated finds openapi-fetch.
  folder = await mkdtemp(join(here, "generated/client-"));
  const description: unknown = await (await fetch(`${door.origin}/api/openapi.json`)).json();
  const types = astToString(await openapiTS(JSON.stringify(description)));
  await writeFile(join(folder, "api.ts"), types);
  await copyFile(join(here, "generated/carry-files.ts"), join(folder, "carry-files.ts"));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true });
});

test("a client generated from the description compiles strictly", async () => {
  const compiled = await promisify(execFile)(tsc, ["-p", folder]).catch((error: { stdout?: string }) => error);
  expect(compiled.stdout).toBe("");
});

test("it signs in, sends parts, completes, lists, renames, downloads and removes", async () => {
  const module: Carrying = await import(pathToFileURL(join(folder, "carry-files.ts")).href);
  const bytes = new Uint8Array(700_000).map((_byte, index) => index % 251);
  expect(await module.carryFiles(door.origin, door.password, bytes)).toEqual([
    "signed in as admin",
    "part 1: 300000 bytes",
    "part 2: 300000 bytes",
    "part 3: 100000 bytes",
    "completed a/b c.bin: 700000 bytes of 2026-11-19T08:00:00.000Z",
    "listed a/b c.bin",
    "moved to c/d.bin",
    "downloaded the same bytes",
    "removed: 204",
    "afterwards: not-found",
  ]);
});
