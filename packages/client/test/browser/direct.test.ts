import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { s3Store } from "@naru/server";
import { expect, test } from "vitest";
import { deafEndpoint } from "../../../../test/peers/deaf-endpoint.ts";
import { ceph, makeBucket } from "../../../../test/peers/shared-ceph.ts";
import { pageWorld } from "./page-world.ts";

const MiB = 1024 * 1024;

async function bucket(endpoints: (ceph: string) => string[] = (ceph) => [ceph]) {
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  const publicEndpoints = endpoints(endpoint);
  const place = { bucket: await makeBucket(), endpoint, publicEndpoints, region: "us-east-1", style: "path" } as const;
  return s3Store({ ...place, credentials });
}

for (const [cors, route] of [
  ["admits", "direct"],
  ["refuses", "proxy"],
] as const) {
  test(`into a bucket that ${cors} the page, bytes take the ${route} route`, async () => {
    const store = await bucket();
    await using world = await pageWorld(async () => store);
    if (cors === "admits") await store.setCors([world.origin]);
    const bytes = randomBytes(40 * MiB);
    await writeFile(join(world.dir, "한글 이름.bin"), bytes);
    const puts: string[] = [];
    world.context.on("request", (request) => {
      if (request.method() === "PUT") puts.push(new URL(request.url()).origin);
    });
    const tab = await world.newTab();
    await tab.setInputFiles("input", join(world.dir, "한글 이름.bin"));
    await tab.evaluate(() => {
      const files = page.chosen().map((file) => ({ path: file.name, file }));
      return page.transfers.add(files, { to: "받은 것/" });
    });
    await tab.waitForFunction(() => page.totals?.done === 1);

    const md5 = createHash("md5");
    for await (const chunk of await store.read("받은 것/한글 이름.bin")) md5.update(chunk);
    expect(md5.digest("hex")).toBe(createHash("md5").update(bytes).digest("hex"));
    const rows = await tab.evaluate(() => [...page.rows.values()].map((row) => row.route));
    expect(rows).toEqual([route]);
    expect(await tab.evaluate(() => page.totals?.fallback)).toBe(cors === "admits" ? undefined : "cors");
    expect(puts.filter((origin) => origin === world.origin).length > 0).toBe(route === "proxy");
    await store.close();
  });
}

for (const which of ["first", "last"] as const) {
  test(`one endpoint that refuses the page, the ${which} of two, and no byte waits for it`, async () => {
    await using deaf = await deafEndpoint();
    const store = await bucket((ceph) => (which === "first" ? [deaf.origin, ceph] : [ceph, deaf.origin]));
    // As if the server could reach no public endpoint: it is left to the page to find out.
    await using world = await pageWorld(async () => ({ ...store, checkCors: async () => [] }));
    await store.setCors([world.origin]);
    const bytes = randomBytes(24 * MiB);
    await writeFile(join(world.dir, "two.bin"), bytes);
    const tab = await world.newTab();
    await tab.setInputFiles("input", join(world.dir, "two.bin"));
    await tab.evaluate(() => {
      const files = page.chosen().map((file) => ({ path: file.name, file }));
      return page.transfers.add(files, { to: "" });
    });
    await tab.waitForFunction(() => page.totals?.done === 1);

    const md5 = createHash("md5");
    for await (const chunk of await store.read("two.bin")) md5.update(chunk);
    expect(md5.digest("hex")).toBe(createHash("md5").update(bytes).digest("hex"));
    expect(await tab.evaluate(() => [...page.rows.values()].map((row) => row.route))).toEqual(["proxy"]);
    expect(await tab.evaluate(() => page.totals?.fallback)).toBe("cors");
    await store.close();
  });
}
