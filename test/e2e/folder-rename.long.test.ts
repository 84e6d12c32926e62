import { expect, test } from "vitest";
import { type GatewayWorld, gatewayWorld, lftp } from "../harness/gateway-world.ts";
import { admin } from "../harness/naru-server.ts";

const count = 150;

/** Put small files into a folder, over HTTP. */
async function putFiles({ origin }: GatewayWorld, folder: string): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` };
  const numbers = Array.from({ length: count }, (_, at) => at).values();
  const put = async (): Promise<void> => {
    for (const at of numbers) {
      const url = `${origin}/api/files/${folder}/${at % 5}/${at}.txt`;
      const { status } = await fetch(url, { method: "PUT", headers, body: `file ${at}` });
      expect(status).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: 8 }, put));
}

const filesIn = async ({ bucket }: GatewayWorld, folder: string): Promise<string[]> =>
  (await bucket.keys()).filter((key) => key.startsWith(`${folder}/`) && !key.endsWith("/"));

const renames: Readonly<Record<string, (world: GatewayWorld) => Promise<readonly string[]>>> = {
  "OpenSSH's sftp": (world) => world.sftp("rename before after"),
  "lftp over FTPS": async (world) => lftp(world, "ftps", "mv before after"),
};

for (const [name, rename] of Object.entries(renames)) {
  test(`a folder renamed with ${name} is whole in the end, though client and server are killed half-way`, async () => {
    await using world = await gatewayWorld();
    await putFiles(world, "before");
    await using client = world.start(await rename(world));
    const seen = async (): Promise<number> => (await filesIn(world, "after")).length;
    await expect.poll(seen, { interval: 10 }).toBeGreaterThan(0);
    await Promise.all([client.kill("SIGKILL"), world.server.kill("SIGKILL")]);
    expect((await filesIn(world, "before")).length).toBeGreaterThan(0);

    await world.server.start();
    await expect.poll(() => filesIn(world, "before")).toEqual([]);
    expect((await filesIn(world, "after")).length).toBe(count);
    const left = async (): Promise<string[]> => (await world.bucket.keys()).filter((key) => key.startsWith("before"));
    await expect.poll(left).toEqual([]);
    expect(await world.run(await world.sftp("ls -1"))).toMatch(/^after\s*$/mu);
  });
}
