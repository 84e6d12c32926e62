import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { curl, type GatewayWorld, gatewayWorld, lftp } from "../harness/gateway-world.ts";
import { naru } from "../harness/naru-command.ts";
import { admin } from "../harness/naru-server.ts";

const name = "끊긴 파일.bin";
const size = 160 * MiB;

/** A client's command that sends, and the one that its user knows for going on. */
interface Client {
  readonly begin: (world: GatewayWorld) => Promise<readonly string[]>;
  readonly goOn: (world: GatewayWorld) => Promise<readonly string[]>;
}

const clients: Readonly<Record<string, Client>> = {
  "OpenSSH's sftp, reput": {
    begin: (world) => world.sftp(`put in.bin "${name}"`),
    goOn: (world) => world.sftp(`reput in.bin "${name}"`),
  },
  "lftp over SFTP, put -c": {
    begin: async (world) => lftp(world, "sftp", `put in.bin -o "${name}"`),
    goOn: async (world) => lftp(world, "sftp", `put -c in.bin -o "${name}"`),
  },
  "lftp over FTPS, put -c": {
    begin: async (world) => lftp(world, "ftps", `put in.bin -o "${name}"`),
    goOn: async (world) => lftp(world, "ftps", `put -c in.bin -o "${name}"`),
  },
  "curl over SFTP, -C -": {
    begin: async (world) => curl(world, "sftp", "-T", "in.bin", name),
    goOn: async (world) => curl(world, "sftp", "-C", "-", "-T", "in.bin", name),
  },
  "curl over FTP, -C -": {
    begin: async (world) => curl(world, "ftp", "-T", "in.bin", name),
    goOn: async (world) => curl(world, "ftp", "-C", "-", "-T", "in.bin", name),
  },
};

/** Let a client send until the server has noted half of the file, then do what a test does to it. */
async function sendHalf(world: GatewayWorld, client: Client, cut: () => Promise<void>): Promise<void> {
  world.wire.bytesPerSecond = 50 * MiB;
  await using sending = world.start(await client.begin(world));
  // Parts end in any order: what counts is how far they reach without a hole.
  const noted = async (): Promise<number> => Math.max(0, ...(await listed(world)).map(({ confirmed }) => confirmed));
  await expect.poll(noted, { interval: 20 }).toBeGreaterThanOrEqual(0.5 * size);
  await Promise.all([cut(), sending.kill("SIGKILL")]);
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
}

/** What the page is told of unfinished uploads. */
async function listed(world: GatewayWorld): Promise<readonly { path: string; confirmed: number }[]> {
  const answer = await fetch(`${world.origin}/api/uploads`, {
    headers: { authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` },
  });
  return ((await answer.json()) as { uploads: { path: string; confirmed: number }[] }).uploads;
}

/** Bytes of parts that went to the store after the first `before` of them. */
function partBytes({ wire }: GatewayWorld, before: number): number {
  return wire.partPuts.slice(before).reduce((sum, { bytes }) => sum + bytes, 0);
}

async function uploads(world: GatewayWorld): Promise<readonly { id: string; path: string; confirmed: number }[]> {
  const { stdout } = await naru(world.origin, ["uploads", "--json"], world.dir);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as { id: string; path: string; confirmed: number });
}

for (const [title, client] of Object.entries(clients)) {
  test(`${title}: killed half-way, only the rest travels, and the file is whole`, async () => {
    await using world = await gatewayWorld();
    const sha256 = await makeFile(world.file("in.bin"), size);
    await sendHalf(world, client, async () => undefined);
    expect(await world.bucket.sha256(name)).toBeUndefined();
    const [partsBefore, sentBefore] = [world.wire.partPuts.length, world.ssh.sent];

    await world.run(await client.goOn(world));
    expect(await world.bucket.sha256(name)).toBe(sha256);
    expect(await world.bucket.unfinished()).toBe(0);
    expect(partBytes(world, partsBefore)).toBeLessThan(0.8 * size);
    if (title.includes(" FTP"))
      expect(Number(/"from":(\d+)/.exec(world.server.output)?.[1])).toBeGreaterThan(0.2 * size);
    else expect(world.ssh.sent - sentBefore).toBeLessThan(0.8 * size);
  });
}

for (const title of ["OpenSSH's sftp, reput", "curl over FTP, -C -"]) {
  test(`${title}: the server killed half-way and started again goes on`, async () => {
    await using world = await gatewayWorld();
    const client = clients[title];
    if (client === undefined) throw new Error(title);
    const sha256 = await makeFile(world.file("in.bin"), size);
    await sendHalf(world, client, () => world.server.kill("SIGKILL"));
    await world.server.start();
    const partsBefore = world.wire.partPuts.length;

    await world.run(await client.goOn(world));
    expect(await world.bucket.sha256(name)).toBe(sha256);
    expect(partBytes(world, partsBefore)).toBeLessThanOrEqual(0.8 * size);
  });
}

test("the server stopped by SIGTERM half-way keeps all that has come", async () => {
  await using world = await gatewayWorld();
  const sha256 = await makeFile(world.file("in.bin"), size);
  const sftp = clients["OpenSSH's sftp, reput"];
  if (sftp === undefined) throw new Error("there is no such client");
  await sendHalf(world, sftp, () => world.server.kill("SIGTERM"));
  await world.server.start();
  const listed = await world.run(await world.sftp("ls -l"));
  expect(Number(/ (\d{8,}) /.exec(listed)?.[1])).toBeGreaterThan(0.2 * size);
  await world.run(await sftp.goOn(world));
  expect(await world.bucket.sha256(name)).toBe(sha256);
});

test("an upload over SFTP is seen by naru uploads while it grows, and ends when it is aborted there", async () => {
  await using world = await gatewayWorld();
  await makeFile(world.file("in.bin"), size);
  world.wire.bytesPerSecond = 30 * MiB;
  await using sending = world.start(await world.sftp(`put in.bin "${name}"`));
  await world.wire.until(() => world.wire.partsTaken.length >= 2);
  const [seen] = await uploads(world);
  expect(seen).toMatchObject({ path: name });
  expect(seen?.confirmed).toBeGreaterThan(MiB);
  expect((await listed(world)).map(({ path }) => path)).toEqual([name]);

  await naru(world.origin, ["uploads", "--abort", seen?.id ?? ""], world.dir);
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  expect(await sending.exited).not.toBe(0);
  expect(await uploads(world)).toEqual([]);
  expect(await world.bucket.sha256(name)).toBeUndefined();
  expect(await world.bucket.unfinished()).toBe(0);
});
