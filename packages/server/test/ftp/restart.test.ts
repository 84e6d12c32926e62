import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type MemoryFile, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256Stream } from "../../../../test/harness/big-file.ts";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { ftpServer } from "../../src/ftp/ftp-server.ts";
import { silentLog } from "../../src/logger.ts";
import { openGateway, smallLimits } from "../gateway/opened-gateway.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";

needs("curl");

const run = promisify(execFile);
const stores = {
  "memory with parts like those of S3": async () => ({
    store: memoryStore(new Map<string, MemoryFile>(), { limits: smallLimits }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
  Ceph: () => openS3(),
};

for (const [name, open] of Object.entries(stores)) {
  test(`a client and its server die in the middle; another server goes on where they were (${name})`, async () => {
    await using opened = await open();
    await using folder = await tempFolder();
    await using place = openGateway(opened.store);
    const path = join(folder.path, "a.bin");
    const size = 40 * MiB;
    const hash = await makeFile(path, size);
    const began: number[] = [];
    const quiet = silentLog();
    const log = {
      info: (fields: object) => void ("from" in fields && began.push(Number(fields.from))),
      warn: quiet.warn.bind(quiet),
      error: quiet.error.bind(quiet),
    };
    const doorOver = async (gateway: typeof place.gateway) => {
      const door = ftpServer({
        gateway,
        log,
        authenticate: async (user) => ({ name: user }),
        passive: { from: 0, to: 0 },
      });
      const { port } = await door.listen({ host: "127.0.0.1", port: 0 });
      return { close: () => door.close(), url: `ftp://ann:x@127.0.0.1:${port}/a.bin` };
    };
    const first = await doorOver(place.gateway);
    await using client = new Program("curl", ["-q", "-sS", "--limit-rate", "5M", "-T", path, first.url]);
    let arrived = 0;
    while (arrived < 12 * MiB && client.running) {
      await new Promise(setImmediate);
      arrived = (await place.session.stat("/a.bin"))?.size ?? 0;
    }
    await client.kill("SIGKILL");
    await first.close();
    await place.gateway.close();

    const second = await doorOver(place.another());
    await run("curl", ["-q", "-sS", "-C", "-", "-T", path, second.url]);
    expect(began).toHaveLength(1);
    expect(began[0]).toBeGreaterThanOrEqual(12 * MiB);
    expect(await sha256Stream(await opened.store.read("a.bin"))).toBe(hash);
    await second.close();
  });
}
