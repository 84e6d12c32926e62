import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { admin } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import { folderWorld, type World } from "../harness/world.ts";
import { needs } from "../peers/needs.ts";

needs("curl");

async function curl(world: World, ...args: string[]): Promise<string> {
  const who = ["--silent", "--show-error", "--user", `${admin.user}:${admin.password}`];
  await using program = new Program("curl", [...who, ...args], { cwd: world.dir });
  if ((await program.exited) !== 0) throw new Error(`curl ${args.join(" ")}: ${program.output}`);
  return program.stdout;
}

const at = (world: World, path: string): string =>
  `${world.origin}/api/files/${path.split("/").map(encodeURIComponent).join("/")}`;

test("curl -T puts a file of any size into the bucket, in parts", async () => {
  await using world = await bucketWorld();
  const path = "모음/측정 자료 (1).bin";
  const sha256 = await makeFile(world.file("in.bin"), 24 * MiB);
  const answer = JSON.parse(await curl(world, "-T", "in.bin", at(world, path))) as { path: string; size: number };
  expect(answer).toMatchObject({ path, size: 24 * MiB });
  expect(await world.bucket.sha256(path)).toBe(sha256);
  expect(world.wire.partsTaken.length).toBeGreaterThan(1);

  await curl(world, "-o", "out.bin", at(world, path));
  expect(await sha256File(world.file("out.bin"))).toBe(sha256);
});

test("curl -T of a body whose length nobody knows arrives whole", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file("in.bin"), 40 * MiB);
  await curl(world, "-H", "Transfer-Encoding: chunked", "-T", "in.bin", at(world, "chunked.bin"));
  expect(await world.bucket.sha256("chunked.bin")).toBe(sha256);
});

test("curl reads ranges, and a Korean name comes back as it was", async () => {
  await using world = await folderWorld();
  const path = "실험/결과 보고.bin";
  await makeFile(world.file("in.bin"), 2 * MiB);
  await curl(world, "-T", "in.bin", at(world, path));
  const original = await readFile(world.file("in.bin"));
  await curl(world, "-r", "1000-1999", "-o", "range.bin", at(world, path));
  expect((await readFile(world.file("range.bin"))).equals(original.subarray(1000, 2000))).toBe(true);
  await curl(world, "-r", "-5", "-o", "tail.bin", at(world, path));
  expect((await readFile(world.file("tail.bin"))).equals(original.subarray(-5))).toBe(true);

  const head = await curl(world, "-I", at(world, path));
  expect(head).toMatch(/content-disposition: attachment;.*filename\*=UTF-8''/i);
  expect(head).toContain(encodeURIComponent("결과 보고.bin"));
  const status = await curl(world, "-o", "none", "-w", "%{http_code}", "-H", 'If-Match: "other"', at(world, path));
  expect(status).toBe("412");
  // A finished file is a plain file that other programs can read.
  expect((await readFile(`${world.kept}/${path}`)).equals(original)).toBe(true);
});

test("a plain HTML form takes a file", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file("form.bin"), 20 * MiB);
  const answer = await curl(world, "-F", "file=@form.bin;filename=양식으로.bin", `${world.origin}/api/files?to=form/`);
  expect(JSON.parse(answer)).toMatchObject({ files: [{ path: "form/양식으로.bin", size: 20 * MiB }] });
  expect(await world.bucket.sha256("form/양식으로.bin")).toBe(sha256);
});

test("a body that ends early leaves nothing behind, and the server lives on", async () => {
  await using world = await folderWorld();
  await makeFile(world.file("in.bin"), 20 * MiB);
  world.line.fault = ({ method }) => (method === "PUT" ? { kind: "reset", afterBytes: 5 * MiB } : undefined);
  await expect(curl(world, "-T", "in.bin", at(world, "early.bin"))).rejects.toThrow();
  world.line.fault = () => undefined;
  expect(await curl(world, "-o", "none", "-w", "%{http_code}", at(world, "early.bin"))).toBe("404");
  expect(await curl(world, `${world.origin}/livez`)).toBeDefined();
});

test("a stranger gets nothing", async () => {
  await using world = await folderWorld();
  for (const path of ["/api/files", "/api/files/x", "/api/uploads", "/api/session", "/api/tokens"]) {
    const response = await fetch(`${world.origin}${path}`);
    expect([path, response.status]).toEqual([path, 401]);
  }
});
