import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { sftpPut, startGateway } from "../gateway.ts";

const size = 64 * MiB;
const curl = "curl -T, one PUT";

/** The source document's own experiment, whose FTP way took 1.07 to 1.5 times as long as a PUT. */
export const gatewayLine: Benchmark = {
  name: "gateway-line",
  about: "64 MiB by SFTP and FTP over a 100 Mbit/s line, against curl -T straight to Ceph",
  link: { mbit: 100, delayMs: 0, lossPercent: 0 },
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const file = await room.file("line.bin", size);
    const prefix = room.options.near;
    const target = { atMost: 1.04, of: [curl] };
    return [
      await contest(
        "64 MiB up, 100 Mbit/s",
        [
          { name: curl, run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"), { prefix })) },
          {
            name: "sftp to naru",
            target,
            run: () => bucket.emptiedAfter(sftpPut(gateway.sftp, file, "sftp.bin", { prefix })),
          },
          {
            name: "curl -T by FTP to naru",
            target,
            run: () => bucket.emptiedAfter(gateway.ftpPut(file, "ftp.bin", { prefix })),
          },
        ],
        room.options,
      ),
    ];
  },
};
