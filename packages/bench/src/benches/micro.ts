import type { Benchmark } from "../benchmark.ts";
import { fileWrites } from "../micro/file-writes.ts";
import { hashing } from "../micro/hashing.ts";
import { plans } from "../micro/plans.ts";
import { sftpCodec } from "../micro/sftp-codec.ts";

export const micro: Benchmark = {
  name: "micro",
  about: "the pieces alone: hashing, part plans, writes into a folder, SFTP packets, ZIP records",
  rounds: 5,
  async run(room) {
    return [await hashing(room), ...(await plans(room)), await fileWrites(room), await sftpCodec(room)];
  },
};
