import { type Benchmark, MiB } from "../benchmark.ts";
import { contest } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { sftpPut, startGateway, startRclone } from "../gateway.ts";

const size = 512 * MiB;

export const gatewayLoopback: Benchmark = {
  name: "gateway-loopback",
  about: "512 MiB through the SFTP and FTP doors to Ceph on loopback, against curl -T and rclone serve sftp",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const rclone = await startRclone(room);
    const file = await room.file("big.bin", size);
    const curl = "curl -T, one PUT";
    const serve = "sftp to rclone serve";
    return [
      await contest(
        "512 MiB up by SFTP, loopback",
        [
          { name: curl, run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"))) },
          { name: serve, run: () => bucket.emptiedAfter(sftpPut(rclone, file, "rclone.bin")) },
          {
            name: "sftp to naru",
            target: { atMost: 1.35, of: [curl] },
            run: () => bucket.emptiedAfter(sftpPut(gateway.sftp, file, "sftp.bin")),
          },
          {
            name: "curl -T by FTP to naru",
            target: { atMost: 1.15, of: [curl] },
            run: () => bucket.emptiedAfter(gateway.ftpPut(file, "ftp.bin")),
          },
        ],
        room.options,
      ),
    ];
  },
};
