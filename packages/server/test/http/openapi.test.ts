import { createHash } from "node:crypto";
import { memoryStore } from "@naru/core/testing";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeApp } from "../../src/http/fastify.ts";
import { silentLog } from "../../src/index.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { callLinks } from "./called-links.ts";
import { DescribedApi, DescribedClient, type Description } from "./described.ts";

let door: HttpDoor;
let description: Description;
beforeAll(async () => {
  door = await httpDoor(memoryStore());
  description = (await (await fetch(`${door.origin}/api/openapi.json`)).json()) as Description;
});
afterAll(() => door.close());

test("the description is OpenAPI 3.1, by a validator of others", async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(description)));
  expect(result).toEqual({ valid: true });
  expect(description.openapi).toBe("3.1.0");
});

test("every operation has a name of its own, a schema for what it answers, and failures in one form", () => {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ call: `${method} ${path}`, method, ...operation })),
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { call, method, responses } of operations) {
    const [good, bad] = [
      Object.keys(responses).filter((status) => status < "400"),
      Object.keys(responses).filter((status) => status >= "400"),
    ];
    expect([call, good.length > 0, bad.length > 2]).toEqual([call, true, true]);
    for (const status of good.filter((one) => !["204", "304", "307"].includes(one))) {
      expect([call, Object.keys(responses[status]?.content ?? {}).length]).not.toEqual([call, 0]);
    }
    if (method === "head") continue;
    for (const status of bad.filter((one) => one !== "503")) {
      const schema = responses[status]?.content?.["application/json"]?.schema;
      expect([call, status, schema]).toEqual([call, status, { $ref: "#/components/schemas/WireError" }]);
    }
  }
});

test("a message says what it is, and so does each of its fields", () => {
  const silent: string[] = [];
  for (const [name, schema] of Object.entries(description.components.schemas)) {
    const { description: words = "", properties = {} } = schema as {
      description?: string;
      properties?: Record<string, Record<string, unknown>>;
    };
    if (words === "") silent.push(name);
    for (const [field, of] of Object.entries(properties)) {
      if (of["$ref"] === undefined && !of["description"] && of["const"] === undefined) silent.push(`${name}.${field}`);
    }
  }
  expect(silent).toEqual([]);
  expect(Object.keys(description.components.schemas).length).toBeGreaterThan(40);
});

test("a call that is not described cannot be added", async () => {
  const app = await makeApp({ logger: silentLog(), trustProxy: false });
  expect(() => app.get("/api/stray", async () => "")).toThrow("not described");
  await app.close();
});

const text = "x".repeat(10);
const md5 = createHash("md5").update(text).digest("hex");

const basic = { authorization: `Basic ${Buffer.from("admin:naru-naru").toString("base64")}` };

/** Call everything, well and badly. */
async function callAll(origin: string, api: DescribedApi): Promise<void> {
  const me = new DescribedClient(origin, basic, api);
  const anyone = new DescribedClient(origin, {}, api);
  const read = async (answer: Promise<Response>): Promise<Record<string, never>> => (await answer).json();

  await anyone.json("POST", "/api/session", { user: "admin", password: "naru-naru" });
  await anyone.json("POST", "/api/session", { user: "admin", password: "wrong" });
  await anyone.json("POST", "/api/session", { user: "admin" });
  await anyone.call("GET", "/sign-in?token=none");
  await anyone.call("GET", "/api/session");
  for (const path of ["/livez", "/readyz", "/api/openapi.json"]) await anyone.call("GET", path);
  await me.call("GET", "/api/session");
  await me.call("GET", "/readyz?verbose");
  await me.call("POST", "/api/doctor");
  await me.call("GET", "/api/doctor?language=ko");
  await me.call("GET", "/api/doctor?language=fr");
  await me.call("GET", "/api/session?probe=2");
  await me.call("GET", "/api/sessions");
  const cookie = (await me.json("POST", "/api/session", { user: "admin", password: "naru-naru" })).headers.get(
    "set-cookie",
  );
  const { sessions } = await read(me.call("GET", "/api/sessions"));
  await me.call("DELETE", `/api/sessions/${Reflect.get(Object(sessions), 0).id}`);
  await me.call("DELETE", "/api/sessions/none");
  await me.call("DELETE", "/api/sessions");
  await new DescribedClient(origin, { cookie: cookie?.split(";", 1)[0] ?? "" }, api).call("DELETE", "/api/session");
  await me.call("DELETE", "/api/session");
  await me.call("DELETE", "/api/sessions");
  const { id: token } = await read(me.json("POST", "/api/tokens", { name: "ci" }));
  await me.json("POST", "/api/tokens", { name: "" });
  await me.call("GET", "/api/tokens");
  await me.call("DELETE", `/api/tokens/${token}`);
  await me.call("DELETE", `/api/tokens/${token}`);
  await me.json("POST", "/api/accounts", { name: "kim", password: "naru-naru" });
  await me.json("POST", "/api/accounts", { name: "kim", password: "naru-naru" });
  await me.json("POST", "/api/accounts", { name: "a b", password: "naru-naru" });
  await me.call("GET", "/api/accounts");
  const kim = new DescribedClient(
    origin,
    { authorization: `Basic ${Buffer.from("kim:naru-naru").toString("base64")}` },
    api,
  );
  await kim.call("GET", "/api/accounts");
  await kim.json("POST", "/api/password", { old: "naru-naru", new: "naru-naru-2" });
  await kim.json("POST", "/api/password", { old: "naru-naru", new: "short" });
  await me.call("DELETE", "/api/accounts/kim");
  await me.call("DELETE", "/api/accounts/kim");

  const made = await me.create({ path: "a/big.bin", size: 10, modified: "2026-11-19T08:00:00Z", type: "text/plain" });
  await me.json("POST", "/api/uploads", { path: "../x", size: 1 });
  await me.json("POST", "/api/uploads", { path: "a/4GiB", size: 2 ** 42 });
  await me.call("GET", "/api/uploads");
  await me.call("GET", `/api/uploads/${made.id}`);
  await me.call("GET", "/api/uploads/none");
  await me.put(made.id, 1, text, { "content-md5": Buffer.from(md5, "hex").toString("base64") });
  await me.put(made.id, 1, "short");
  await me.put(made.id, 9, text);
  await me.call("PUT", `/api/uploads/${made.id}/parts/one`, { body: text });
  await me.json("POST", `/api/uploads/${made.id}/parts`, { parts: [{ number: 1, md5 }] });
  await me.json("POST", `/api/uploads/${made.id}/parts`, { parts: [{ number: 0 }] });
  const resumed = await read(me.call("POST", `/api/uploads/${made.id}/resume`));
  await me.call("POST", `/api/uploads/${made.id}/complete`, { headers: { "naru-epoch": "0" } });
  await me.call("POST", `/api/uploads/${made.id}/complete`, { headers: { "naru-epoch": String(resumed["epoch"]) } });
  const { results } = await read(
    me.json("POST", "/api/uploads/batch", { uploads: [{ path: "b", size: 0 }, { path: "" }] }),
  );
  const { upload } = Reflect.get(Object(results), 0);
  await me.json("POST", "/api/uploads/complete", { uploads: [{ id: upload.id }, { id: "none" }] });
  const files = [
    { path: "a/big.bin", size: 10, modified: "2026-11-19T08:00:00Z" },
    { path: "a", size: 0 },
    { path: "" },
  ];
  await me.json("POST", "/api/uploads/check", { files });
  await me.json("POST", "/api/uploads/check", { files: 1 });
  const gone = await me.create({ path: "gone", size: 5 });
  await me.call("POST", `/api/uploads/${gone.id}/complete`);
  await me.call("DELETE", `/api/uploads/${gone.id}`);

  const manifest = {
    files: [
      { path: "s.txt", size: 10, md5 },
      { path: "bad", size: 10 },
    ],
  };
  const head = Buffer.alloc(4);
  const written = Buffer.from(JSON.stringify(manifest));
  head.writeUInt32BE(written.length);
  const body = Buffer.concat([head, written, Buffer.from(text + text)]);
  const batch = { "content-type": "application/vnd.naru.batch" };
  await me.call("POST", "/api/batch", { body, headers: batch });
  await me.call("POST", "/api/batch", { body: body.subarray(0, 40), headers: batch });
  await me.json("POST", "/api/batch/known", manifest);
  const form = new FormData();
  form.append("file", new Blob(["abc"]), "form.txt");
  await me.call("POST", "/api/files?to=forms", { body: form });
  await me.call("POST", "/api/files", { body: "not a form" });

  await me.call("PUT", "/api/files/c/d.txt", { body: "abc", headers: { "content-type": "text/plain" } });
  await me.call("PUT", "/api/files/c/d.txt?conflict=fail", { body: "abc" });
  await me.call("PUT", "/api/files/c/d.txt", { body: "abc", headers: { "if-none-match": "*" } });
  const { etag } = await read(me.call("GET", "/api/files/c/d.txt?stat"));
  await me.call("GET", "/api/files?key=c/d.txt&stat");
  await me.call("GET", "/api/files?delimiter=/&limit=1");
  await me.call("GET", "/api/files?prefix=c/");
  await me.call("GET", "/api/files?limit=x");
  for (const headers of [
    {},
    { range: "bytes=1-1" },
    { range: "bytes=9-" },
    { "if-none-match": `"${etag}"` },
    { "if-match": '"x"' },
  ]) {
    await me.call("GET", "/api/files/c/d.txt", { headers });
    await me.call("HEAD", "/api/files/c/d.txt", { headers });
    await me.call("HEAD", "/api/files?key=c/d.txt", { headers });
    await me.call("GET", "/api/files?key=c/d.txt", { headers });
  }
  await me.call("HEAD", "/api/files/none");
  await me.call("GET", "/api/files/none");
  for (const headers of [{}, { range: "bytes=1-1" }, { range: "bytes=999999-" }, { "if-match": '"x"' }]) {
    await me.call("GET", "/api/archive?path=c/&path=s.txt", { headers });
    await me.call("HEAD", "/api/archive?path=c/&path=s.txt", { headers });
  }
  await me.call("GET", "/api/archive?path=none");
  await me.call("PUT", "/api/files/c/p.png", { body: "a picture" });
  for (const headers of [{}, { range: "bytes=1-1" }, { range: "bytes=99-" }, { "if-match": '"x"' }]) {
    await me.call("GET", "/api/previews/c/p.png", { headers });
    await me.call("GET", "/api/previews?key=c/p.png", { headers });
  }
  await me.call("GET", "/api/previews/c/d.txt");
  await me.call("GET", "/api/previews/none.png");
  await me.call("GET", "/api/archive");
  await me.json("POST", "/api/downloads", { path: "c/d.txt" });
  await me.json("POST", "/api/downloads", { path: "none" });
  await me.json("POST", "/api/move", { from: "c/d.txt", to: "c/e.txt" });
  await me.json("POST", "/api/move", { from: "c/e.txt", to: "s.txt" });
  await me.json("POST", "/api/move", { from: "c/", to: "moved/" });
  await me.call("GET", "/api/moves");
  await me.call("DELETE", "/api/moves/none");
  await me.call("DELETE", "/api/files/moved/e.txt", { headers: { "if-match": '"x"' } });
  await me.call("DELETE", "/api/files/moved/e.txt");
  await me.call("DELETE", "/api/files?key=s.txt");
  await me.call("PUT", "/api/folders/f/g");
  await me.call("PUT", "/api/folders/f/g");
  await me.call("GET", "/api/folders/f");
  await me.call("GET", "/api/folders/none");
  await me.call("DELETE", "/api/folders/f");
  await me.call("DELETE", "/api/folders/f?recursive=true");
  await me.call("PUT", "/api/files/g/h.txt", { body: "abc" });
  await me.json("POST", "/api/copy", { from: "g/h.txt", to: "g/i.txt" });
  await me.json("POST", "/api/copy", { from: "g/h.txt", to: "g/i.txt" });
  await me.json("POST", "/api/copy", { from: "g/", to: "j/" });
  await me.call("GET", "/api/entries?folder=g");
  await me.call("GET", "/api/entries?folder=..");
  await me.call("GET", "/api/search?name=H");
  await me.call("GET", "/api/search");
  await me.call("GET", "/api/details?path=g/h.txt");
  await me.call("GET", "/api/details?path=g/");
  await me.call("GET", "/api/details?path=none");
  await me.call("GET", "/api/versions?path=g/h.txt");
  await me.call("GET", "/api/versions");
  await me.call("GET", "/api/versions/content?path=g/h.txt&version=1");
  await me.json("POST", "/api/versions", { path: "g/h.txt", version: "1" });
  const binned = await read(me.json("POST", "/api/bin", { path: "g/h.txt" }));
  await me.json("POST", "/api/bin", { path: "g/h.txt" });
  await me.call("GET", "/api/bin");
  await me.json("POST", `/api/bin/${binned["id"]}/restore`, {});
  const folder = await read(me.json("POST", "/api/bin", { path: "g/" }));
  await me.json("POST", `/api/bin/${folder["id"]}/restore`, { to: "k/" });
  await me.json("POST", "/api/bin/none/restore", {});
  const again = await read(me.json("POST", "/api/bin", { path: "k/" }));
  await me.call("DELETE", `/api/bin/${again["id"]}`);
  await me.call("DELETE", `/api/bin/${again["id"]}`);
  await me.call("DELETE", "/api/bin");
  await (await me.call("GET", "/api/events?folder=a/")).body?.cancel();
  await me.call("GET", "/api/events?after=x");

  const { code, secret } = await read(anyone.json("POST", "/api/pairings", { device: "a PC" }));
  await anyone.json("POST", "/api/pairings/claim", { code, secret });
  await me.json("POST", "/api/pairings/confirm", { code });
  await me.json("POST", "/api/pairings/confirm", { code: "12" });
  const claim = await read(anyone.json("POST", "/api/pairings/claim", { code, secret }));
  const agent = new DescribedClient(origin, { authorization: `Bearer ${claim["token"]}` }, api);
  const { agents } = await read(me.call("GET", "/api/agents"));
  for (const wish of [
    { file: { path: "t", size: 5 } },
    { folder: "" },
    { upload: (await me.create({ path: "u", size: 5 })).id },
  ]) {
    const { ticket } = await read(me.json("POST", "/api/tickets", wish));
    await agent.json("POST", "/api/tickets/redeem", { ticket });
    await agent.json("POST", "/api/tickets/redeem", { ticket });
  }
  await callLinks(origin, { me, api });
  await me.json("POST", "/api/tickets", {});
  await me.json("POST", "/api/tickets/redeem", { ticket: "x" });
  await agent.call("GET", "/api/files");
  await me.call("DELETE", `/api/agents/${Reflect.get(Object(agents), 0).id}`);
  await me.call("DELETE", "/api/agents/none");
}

test("what a server answers is what its description says, well and badly, call by call", async () => {
  const api = new DescribedApi(description);
  await callAll(door.origin, api);
  const onlyElsewhere = ["signParts", "cancelMove", "restoreVersion", "getVersion"];
  expect([...api.operationIds].filter((id) => !api.succeeded.has(id))).toEqual(onlyElsewhere);
  expect(api.statuses.size).toBeGreaterThan(90);
});

test("so it is over a bucket, where parts and downloads are presigned", async () => {
  await using opened = await openS3();
  await using s3 = await httpDoor(opened.store);
  const api = new DescribedApi(description);
  const me = new DescribedClient(s3.origin, basic, api);
  const made = await me.create({ path: "big.bin", size: 10 });
  await me.json("POST", `/api/uploads/${made.id}/parts`, { parts: [{ number: 1, md5 }] });
  await me.json("POST", `/api/uploads/${made.id}/parts`, { parts: [{ number: 1 }] });
  await me.put(made.id, 1, text);
  await me.call("POST", `/api/uploads/${made.id}/resume`);
  await me.call("POST", `/api/uploads/${made.id}/complete`, { headers: { "naru-epoch": "2" } });
  await me.json("POST", "/api/downloads", { path: "big.bin" });
  await me.call("GET", "/api/session");
  for (const id of ["signParts", "createDownload", "completeUpload"]) expect(api.succeeded).toContain(id);
});
