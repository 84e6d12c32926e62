/** What of files and folders is sent, and what is said of the rest. */

import { link, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Home, openHome } from "./home.ts";
import { startNaruAgent } from "./naru-agent.ts";

let home: Home;

beforeEach(async () => {
  home = await openHome();
});
afterEach(() => home[Symbol.asyncDispose]());

async function paths(): Promise<readonly string[]> {
  return (await home.list()).map(({ path }) => path).toSorted();
}

test("a folder with nothing in it is told, and waits for nothing", async () => {
  const { naru, far, trusting } = home;
  const empty = join(home.path, "empty");
  await mkdir(join(empty, "deeper"), { recursive: true });
  for (const wait of [[], ["--wait"]]) {
    const sent = await naru("send", empty, "--to", far.url, ...trusting, ...wait);
    expect(sent).toMatchObject({ code: 2, stdout: "" });
    expect(sent.stderr).toMatch(/empty": there is nothing in it/);
  }
  const both = await naru("send", empty, await home.fileOf("a"), "--to", far.url, ...trusting, "--wait");
  expect(both.stderr).toMatch(/there is nothing in it/);
  expect(both.code).toBe(2);
  expect(await paths()).toEqual(["a"]);
});

test("a link to a file is sent as the file; a link to a folder, or to nothing, is told", async () => {
  const { naru, far, trusting } = home;
  const tree = join(home.path, "tree");
  const file = await home.fileOf("elsewhere.bin", 1000);
  await home.fileOf("tree/deep/a");
  await symlink(file, join(tree, "linked.bin"));
  await symlink(tree, join(tree, "deep", "loop"));
  await symlink(join(tree, "none"), join(tree, "broken"));
  await link(file, join(tree, "hard.bin"));
  const sent = await naru("send", tree, "--to", far.url, ...trusting, "--wait");
  expect(sent.code).not.toBe(0);
  expect(sent.stderr).toMatch(/tree\/deep\/loop": .*folder/);
  expect(sent.stderr).toMatch(/tree\/broken": .*nothing/);
  expect(await paths()).toEqual(["tree/deep/a", "tree/hard.bin", "tree/linked.bin"]);
  expect(await readFile(far.fileOf("tree/linked.bin"))).toEqual(await readFile(file));
});

test("files whose names cannot be used are told one by one, and the others go", async () => {
  const { naru, far, trusting } = home;
  const tree = join(home.path, "tree");
  for (const name of ["a", "b\nc", "d\\e", "con.txt", "z"]) await home.fileOf(join("tree", name));
  await writeFile(Buffer.concat([Buffer.from(`${tree}/f`), Buffer.from([0xff]), Buffer.from(".bin")]), "x");
  const sent = await naru("send", tree, join(home.path, "none"), "--to", far.url, ...trusting, "--wait");
  expect(sent.code).toBe(2);
  for (const name of [/b.*c"/, /d.*e"/, /con\.txt/, /f.*\.bin".*UTF-8/, /none": there is no such file/]) {
    expect(sent.stderr).toMatch(name);
  }
  expect(sent.stderr.trim().split("\n")).toHaveLength(5);
  expect(await paths()).toEqual(["tree/a", "tree/z"]);
});

test("all that can be tried again is, and the rest is told", async () => {
  const { naru } = home;
  const away = ["--to", "sftp://ann@127.0.0.1:1/", ...home.trusting];
  const files = await Promise.all(["a", "b", "c", "d"].map((name) => home.fileOf(name)));
  expect((await naru("send", ...files, ...away)).code).toBe(0);
  expect((await naru("cancel", "all")).code).toBe(0);
  const [first = "", , third = ""] = files;
  for (const file of [first, third]) await rm(file);
  const retried = await naru("retry", "all");
  expect(retried.code).toBe(3);
  expect(retried.stderr.trim().split("\n")).toHaveLength(2);
  for (const file of [first, third]) expect(retried.stderr).toContain(file);
  const states = (await home.list()).map(({ state }) => state === "cancelled");
  expect(states).toEqual([true, false, true, false]);
});

test("an empty id means no transfer", async () => {
  const { naru } = home;
  await naru("send", await home.fileOf("a"), "--to", "sftp://ann@127.0.0.1:1/", ...home.trusting);
  for (const verb of ["pause", "cancel", "retry", "remove"]) expect((await naru(verb, "")).code, verb).toBe(2);
  expect((await naru("move", "", "1")).code).toBe(2);
  expect(await home.list()).toMatchObject([{ path: "a", state: expect.not.stringMatching(/paused|cancelled/) }]);
});

test("where files go may be the last word", async () => {
  const { naru, far, trusting } = home;
  const file = await home.fileOf("a");
  const sent = await naru("send", ...trusting, "--wait", file, far.url);
  expect(sent.code, sent.stderr).toBe(0);
  expect(await paths()).toEqual(["a"]);
  expect((await naru("send", far.url)).code).toBe(2);
  expect((await naru("send", file)).stderr).toMatch(/--to/);
  expect((await naru("send", file, far.url, "--to", far.url, ...trusting)).code).not.toBe(0);
  expect((await naru("send", "--help")).stdout).toMatch(/send film\.mov sftp:/);
});

test("a setting that cannot be is refused, and the agent goes on", async () => {
  const { naru } = home;
  await naru("send", await home.fileOf("a"), "--to", "sftp://ann@127.0.0.1:1/", ...home.trusting);
  const wrong = [
    ["--speed", "9007199254740991"],
    ["--spool-limit", "99999999999999"],
    ["--hours", "07:00-08:00-09:00"],
    ["--hours", "07:00"],
  ];
  for (const words of wrong) {
    const refused = await naru("settings", ...words);
    expect(refused.code, words.join(" ")).toBe(2);
    expect(refused.stderr).not.toContain("has ended");
  }
  expect((await naru("settings", "--speed", "10", "--hours", "07:00-08:00")).code).toBe(0);
});

test("without a terminal, what waits says why on stderr", async () => {
  const { naru } = home;
  const away = ["--to", "sftp://ann@127.0.0.1:1/", ...home.trusting];
  const waiting = startNaruAgent(["send", await home.fileOf("a"), ...away, "--wait"], home.env);
  await waiting.complaint(/^waiting: "a": Cannot .*127\.0\.0\.1/);
  await naru("cancel", "all");
  const { stderr, code } = await waiting.ended;
  expect(code).not.toBe(0);
  expect(stderr.match(/^waiting: /gm)).toHaveLength(1);
});
