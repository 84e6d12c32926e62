import { rm } from "node:fs/promises";
import { join } from "node:path";
import { containerOnAzurite } from "../azure-peer.ts";
import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";

const size = 256 * MiB;
const figures = ["seconds", "cpuSeconds"] as const;

export const azure: Benchmark = {
  name: "azure",
  about:
    "naru put and get, direct, 256 MiB to and from Azurite, against @azure/storage-blob: wall and CPU of the client",
  rounds: 5,
  async run(room) {
    const peer = await containerOnAzurite(room);
    const { account, container, endpoint, key } = peer;
    const store = `azure://${container}?${new URLSearchParams({ account, endpoint })}`;
    const naru = await room.naru(store, { env: { AZURE_STORAGE_KEY: key } });
    const file = await room.file("big.bin", size);
    const got = join(room.dir, "got.bin");
    const fresh = async (work: () => Promise<Sample>): Promise<Sample> => {
      await rm(got, { force: true });
      return work();
    };
    const up = await contest(
      "256 MiB up, Azurite on loopback",
      [
        {
          name: "uploadFile, 8 MiB blocks",
          run: () => peer.emptiedAfter(peer.up(file, "sdk.bin", { block: 8 * MiB })),
        },
        { name: "uploadFile, one request", run: () => peer.emptiedAfter(peer.up(file, "sdk.bin")) },
        {
          name: "naru put, direct",
          target: { atMost: 1.1, of: ["uploadFile, 8 MiB blocks"], figures },
          run: () => peer.emptiedAfter(naru.command(["put", file, "--route", "direct", "--json"])),
        },
        {
          name: "naru put, proxy",
          run: () => peer.emptiedAfter(naru.command(["put", file, "--route", "proxy", "--json"])),
        },
      ],
      room.options,
    );
    await naru.command(["put", file, "--json"]);
    const down = await contest(
      "256 MiB down, Azurite on loopback",
      [
        { name: "downloadToFile", run: () => fresh(() => peer.down("big.bin", got)) },
        {
          name: "naru get",
          target: { atMost: 1.1, of: ["downloadToFile"], figures },
          run: () => fresh(() => naru.command(["get", "big.bin", got, "--json"])),
        },
      ],
      room.options,
    );
    return [up, down];
  },
};
