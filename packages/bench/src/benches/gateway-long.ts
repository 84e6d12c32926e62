import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { sftpPut, startGateway, startRclone } from "../gateway.ts";

const size = 2048 * MiB;
const rclone = "sftp to rclone serve";

export const gatewayLong: Benchmark = {
  name: "gateway-long",
  about: "2 GiB by OpenSSH's sftp over 1 Gbit/s with 100 ms round trip, against rclone serve sftp",
  link: { mbit: 1000, delayMs: 50, lossPercent: 0, deep: true },
  rounds: 1,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const serve = await startRclone(room);
    const file = await room.file("long.bin", size);
    const prefix = room.options.near;
    return [
      await contest(
        "2 GiB up, 1 Gbit/s, 100 ms round trip",
        [
          { name: rclone, run: () => bucket.emptiedAfter(sftpPut(serve, file, "rclone.bin", { prefix })) },
          {
            name: "sftp to naru",
            target: { atMost: 0.2, of: [rclone] },
            run: () => bucket.emptiedAfter(sftpPut(gateway.sftp, file, "sftp.bin", { prefix })),
          },
          {
            name: "curl -T by FTP to naru",
            run: () => bucket.emptiedAfter(gateway.ftpPut(file, "ftp.bin", { prefix })),
          },
        ],
        room.options,
      ),
    ];
  },
};
