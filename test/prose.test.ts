import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prose-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("a phrase of the list is a fault in a page, with what to write instead", async () => {
  const found = await lint("page.md", "# Uploads\n\nAfter a cut the transfer goes\non where it was.\n");
  expect(found.status).toBe(1);
  expect(found.stderr).toContain('page.md:3:26 "goes on": write resume');
});

test("a phrase of the list is a fault in an error text, at its line", async () => {
  const found = await lint("errors.ts", "const at = 1;\nthrow new Error(`Cannot read: there is none`);\n");
  expect(found.status).toBe(1);
  expect(found.stderr).toContain('errors.ts:2 "there is none": write no such file');
});

test("a line of prose over 160 characters is a fault; a row of a table, code and a long address are not", async () => {
  const long = "many words in one line ".repeat(8).trim();
  const found = await lint("long.md", `${long}\n`);
  expect([found.status, found.stderr]).toEqual([1, expect.stringContaining("long.md:1:1 a line of 183 characters")]);
  const free = `| a |\n|---|\n| ${long} |\n\n\`\`\`sh\n${long}\n\`\`\`\n\n${long} https://example.com/\n`;
  expect((await lint("free.md", free)).stderr).toBe("");
});

test("plain sentences, code and names pass", async () => {
  const page = "A dropped connection costs the parts in flight. `goOn()` resumes.\n\n```sh\necho goes on\n```\n";
  expect((await lint("plain.md", page)).stderr).toBe("");
  expect((await lint("plain.ts", 'import { told } from "./page-views.ts";\nconst goesOn = "told";\n')).stderr).toBe("");
});

async function lint(name: string, text: string): Promise<{ status: number | null; stderr: string }> {
  const file = join(folder, name);
  await writeFile(file, text);
  return spawnSync(process.execPath, ["test/prose/lint.ts", file], { encoding: "utf8" });
}
