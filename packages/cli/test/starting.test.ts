import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);

/** A repository as small as it can be: its sources and its bundle say which of them runs. */
let root: string;
const made = new Date("2026-11-01T00:00:00Z");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "naru-start-"));
  const cli = join(root, "packages/cli");
  await cp(fileURLToPath(new URL("../bin", import.meta.url)), join(cli, "bin"), { recursive: true });
  await mkdir(join(cli, "src"));
  await mkdir(join(cli, "dist/bundle"), { recursive: true });
  await writeFile(join(cli, "package.json"), JSON.stringify({ type: "module", version: "1.2.3" }));
  const say = (what: string): string => `export const main = () => console.log("${what}", ...process.argv.slice(2));`;
  await writeFile(join(cli, "src/main.ts"), say("sources"));
  await writeFile(join(cli, "dist/bundle/naru.js"), say("bundle"));
  await utimes(join(cli, "src/main.ts"), made, made);
  const { mtimeMs, size } = await stat(join(cli, "src/main.ts"));
  await writeFile(join(cli, "dist/bundle/sources.json"), JSON.stringify([["src/main.ts", mtimeMs, size]]));
  await mkdir(join(root, "node_modules/@naru"), { recursive: true });
  await mkdir(join(root, "node_modules/.bin"));
  await mkdir(join(root, "node_modules/node/bin"), { recursive: true });
  await symlink("../../packages/cli", join(root, "node_modules/@naru/cli"));
  await symlink("../@naru/cli/bin/naru", join(root, "node_modules/.bin/naru"));
  await symlink(process.execPath, join(root, "node_modules/node/bin/node"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Run the program of the small repository in this Node. */
async function started(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, "packages/cli/bin/naru.js"), ...args]);
  return stdout.trim();
}

test("the bundle runs while its sources are what it was made of, and after an edit they do", async () => {
  expect(await started("ls", "a b")).toBe("bundle ls a b");
  const source = join(root, "packages/cli/src/main.ts");
  await utimes(source, made, new Date());
  expect(await started("ls")).toBe("sources ls");
  await utimes(source, made, made);
});

test("what is published has no sources, and runs the bundle", async () => {
  const copy = join(root, "published");
  await cp(join(root, "packages/cli"), copy, { recursive: true });
  await rm(join(copy, "src"), { recursive: true });
  await rm(join(copy, "dist/bundle/sources.json"));
  const { stdout } = await run(process.execPath, [join(copy, "bin/naru.js"), "ls"]);
  expect(stdout.trim()).toBe("bundle ls");
});

test("the version is that of the package", async () => {
  expect(await started("--version")).toBe("1.2.3");
});

test("the starter takes the repository's Node, not the one of the path, and passes arguments and exit codes on", async () => {
  const old = join(root, "old");
  await mkdir(old);
  await writeFile(join(old, "node"), "#!/bin/sh\necho old\n");
  await chmod(join(old, "node"), 0o755);
  const { PATH = "" } = process.env;
  const env = { ...process.env, PATH: `${old}:${PATH}` };
  const starter = join(root, "node_modules/.bin/naru");
  expect((await run(starter, ["put", "a b", ""], { env })).stdout).toBe("bundle put a b \n");
  await rm(join(root, "node_modules/node"), { recursive: true });
  expect((await run(starter, ["put"], { env })).stdout).toBe("old\n");
});
