/** The file of settings as an operator meets it: what is wrong is said with file, line and what to write instead. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveCommand } from "../../src/serve-command.ts";
import { editorSchema } from "../../src/settings/editor-schema.ts";
import { serveSettings } from "../../src/settings/serve-settings.ts";
import { readSettings } from "../../src/settings/settings-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, name = "naru.yaml"): ReturnType<typeof readSettings> {
  await writeFile(join(folder, name), text);
  return readSettings(join(folder, name));
}

const store = "s3://videos?endpoint=http://10.0.0.5:7480";
const mistakes: readonly (readonly [what: string, text: string, line: number, says: RegExp])[] = [
  ["an unknown key", "listen: 8080\norgins: []", 2, /"orgins": there is no such setting; did you mean "origins"\?/],
  [
    "an unknown key that is like none",
    "colour: red",
    1,
    /"colour": there is no such setting; there are version, listen/,
  ],
  ["an unknown key below another", "sftp:\n  listen: 2022\n  keyz: x", 3, /"sftp\.keyz": .*did you mean "keys"/],
  ["a text that is a number", "\ndata: 7", 2, /"data": it is not a text/],
  ["a group that is a port", "ftp: 2121", 1, /"ftp": it is not a group of settings \(with listen, tls/],
  ["a list that is a text", "origins: https://naru.example", 1, /"origins": it is not a list/],
  ["a switch that is a word", "ftp:\n  active: on please", 2, /"ftp\.active": it is not true or false/],
  ["a port that is none", "sftp:\n  listen: ssh", 2, /"sftp\.listen": "ssh" has another form .*0\.0\.0\.0:8080/],
  ["a number too large", "shares:\n  days: 9999", 2, /"shares\.days": it is not from 1 to 3650/],
  ["a word of a choice", "agent:\n  route: best", 2, /"agent\.route": it is not one of auto, direct, proxy, sftp, ftp/],
  ["days without their letter", "bin: 30", 1, /"bin": it is not a text .*`30d`/],
  ["half of a certificate", "ftp:\n  tls:\n    cert: a.pem", 2, /"ftp\.tls": "key" is missing \(PEM file of its key\)/],
  ["a key that stands there twice", "data: a\nlisten: 1\ndata: b", 3, /"data": it stands here twice, first on line 1/],
  ["a mount twice", `mounts:\n  /v: ${store}\n  /v: file:b`, 3, /"mounts\.\/v": it stands here twice, first on line 2/],
  ["a mount twice, once with a final slash", `mounts:\n  /v: ${store}\n  /v/: file:b`, 3, /"\/v" is the same folder/],
  [
    "a mount inside another",
    `mounts:\n  /v: ${store}\n  /v/old: file:b`,
    3,
    /lies inside the mount "\/v"; write it beside it, as "\/old"/,
  ],
  ["a mount around another", `mounts:\n  /v/old: ${store}\n  /v: file:b`, 3, /"\/v\/old" lies inside the mount "\/v"/],
  ["a mount without its slash", "mounts:\n  videos: file:v", 2, /a mount begins with a slash; write "\/videos"/],
  ["a mount in decomposed letters", `mounts:\n  "/cafe\u0301": file:v`, 2, /not composed \(NFC\); write "\/caf\u00e9"/],
  ["a mount at the store's own folder", "mounts:\n  /.naru/x: file:v", 2, /"\.naru" is the store's own/],
  ["a mount that climbs", "mounts:\n  /a/../b: file:v", 2, /it is no name of a folder \(dots\)/],
  [
    "a store at the root twice",
    "store: file:a\nmounts:\n  /: file:b",
    3,
    /it is the same as "store"; leave one of them out/,
  ],
  ["a mount that is no store", "mounts:\n  /v: videos", 2, /"videos" has another form .*`file:DIR`, `s3:/],
  [
    "one key of two",
    `mounts:\n  /v:\n    store: ${store}\n    credentials: { accessKeyEnv: A }`,
    4,
    /go together; write both/,
  ],
  [
    "no keys at all",
    `mounts:\n  /v:\n    store: ${store}\n    credentials: {}`,
    4,
    /it names no keys; write "accessKeyEnv"/,
  ],
  [
    "keys in two ways",
    `store:\n  store: ${store}\n  credentials: { profile: a, keyEnv: B }`,
    3,
    /in more than one way/,
  ],
  [
    "a secret in place of its variable",
    `store:\n  store: ${store}\n  credentials: { accessKeyEnv: "a/b+c=", secretKeyEnv: S }`,
    3,
    /^(?!.*a\/b).*has another form .*Environment variable/,
  ],
  ["a store with a key in it", "store: AKIA:a/b@videos", 1, /^(?!.*a\/b).*"store": it has another form/],
  ["an alias of nothing", "data: d\nmounts:\n  /v: *films", 3, /"mounts\.\/v": \*films stands for nothing/],
  [
    "aliases that stand for too much",
    `data: &a [x, x]\nbin: &b [${"*a, ".repeat(60)}]\nstore: [${"*b, ".repeat(60)}]`,
    1,
    /too many aliases/,
  ],
  [
    "a file of a later version",
    "version: 2\nfuture: true",
    1,
    /"version": it is 2, of a later Naru; this one reads version 1/,
  ],
  ["YAML that is none", "listen: 8080\norigins: [a\ndata: b", 3, /./],
];

test.each(mistakes)("%s is refused with file, line and what to write", async (_what, text, line, says) => {
  const error: unknown = await read(text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "UsageError" });
  const message = String(error);
  expect(message).toContain(`naru.yaml:${line}: `);
  expect(message).toMatch(says);
});

test("all mistakes of a file are said at once, in the order of its lines", async () => {
  const text = "shares: { days: 0 }\norgins: []\nmounts: { /v: videos }";
  const error = await read(text).catch((thrown: unknown) => String(thrown));
  expect(String(error).match(/naru\.yaml:\d/gu)).toEqual(["naru.yaml:1", "naru.yaml:2", "naru.yaml:3"]);
});

test("a file in JSON says the same, and its mistakes have lines, too", async () => {
  const { settings } = await read('{\n "listen": 8080,\n "mounts": {"/v": "file:v"}\n}', "naru.json");
  expect(settings).toEqual({ listen: 8080, mounts: { "/v": "file:v" } });
  await expect(read('{\n "listen": 8080,\n "sftp": 5\n}', "naru.json")).rejects.toThrow(/naru\.json:3: .*"sftp"/);
});

test("an empty file says nothing", async () => {
  expect((await read("# nothing yet\n")).settings).toEqual({});
});

test("every option of naru serve but its actions has a place in the file", () => {
  const actions = ["config", "checkConfig", "setCors", "help"];
  const options = serveCommand().options.map((option) => option.attributeName());
  const placed = new Set([...serveSettings.flatMap(({ flags }) => Object.keys(flags)), "store"]);
  expect(options.filter((option) => !placed.has(option) && !actions.includes(option))).toEqual([]);
});

test("every setting of the schema is read", () => {
  const read = new Set([...serveSettings.map(({ path }) => path.join(".")), "version", "store", "mounts"]);
  const inSchema = leaves(editorSchema()).filter((path) => !/^(store|mounts)\./u.test(path));
  expect(inSchema.filter((path) => !read.has(path) && !/^ftp\.tls\.(cert|key)$/u.test(path))).toEqual([]);
});

test("the JSON Schema for editors is that of this version", async () => {
  const text = `${JSON.stringify(editorSchema(), undefined, 2)}\n`;
  // `npx vitest run -u` of this file writes it.
  await expect(text).toMatchFileSnapshot("../../../../docs/naru.schema.json");
});

for (const language of ["", ".ko"]) {
  test(`the example${language} in the documentation is read, and shows every setting`, async () => {
    const text = await readFile(new URL(`../../../../docs/naru.example${language}.yaml`, import.meta.url), "utf8");
    await read(text);
    const missing = leaves(editorSchema()).map((path) => path.split(".").at(-1) ?? "");
    expect(missing.filter((name) => !new RegExp(`\\b${name}:`, "u").test(text))).toEqual([]);
  });

  test(`the operators' guide${language} has every setting in its table`, async () => {
    const guide = await readFile(new URL(`../../../../docs/guides/operators${language}.md`, import.meta.url), "utf8");
    const rows = new Set([...guide.matchAll(/^\| `([\w.]+)` \|/gmu)].map(([, name]) => name));
    expect(leaves(editorSchema()).filter((path) => !rows.has(path))).toEqual([]);
  });
}

type Shape = ReturnType<typeof editorSchema> | NonNullable<ReturnType<typeof editorSchema>["properties"]>[string];

/** The settings of a schema, as `sftp.listen`; of stores, those of their longer form. */
function leaves(schema: Shape, path = ""): readonly string[] {
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0) return [path];
  return fields.flatMap(([name, field]) => leaves(field, path === "" ? name : `${path}.${name}`));
}
