import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { buildBefore, sftpPut, startGateway, startRclone } from "../gateway.ts";
import { cpuOfServer } from "../measured.ts";

const size = 512 * MiB;

export const gatewayLoopback: Benchmark = {
  name: "gateway-loopback",
  about:
    "512 MiB through the SFTP and FTP doors to Ceph on loopback, against curl -T and rclone serve sftp; the server's CPU against the build in NARU_BENCH_BEFORE",
  rounds: 3,
  async run(room) {
    const bucket = await room.bucket();
    const gateway = await startGateway(room);
    const rclone = await startRclone(room);
    const file = await room.file("big.bin", size);
    const curl = "curl -T, one PUT";
    const serve = "sftp to rclone serve";
    const former = "sftp to the build before";
    const before = buildBefore === undefined ? undefined : await startGateway(room, { root: buildBefore });
    const put = ({ naru, sftp }: typeof gateway, name: string): Promise<Sample> =>
      bucket.emptiedAfter(cpuOfServer(naru.pid, () => sftpPut(sftp, file, name)));
    return [
      await contest(
        "512 MiB up by SFTP, loopback",
        [
          { name: curl, run: () => bucket.emptiedAfter(curlPut(file, bucket.presign("PUT", "curl.bin"))) },
          { name: serve, run: () => bucket.emptiedAfter(sftpPut(rclone, file, "rclone.bin")) },
          {
            name: "sftp to naru",
            target: { atMost: 0.8, of: [serve] },
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
      await contest(
        "512 MiB up by SFTP: the server's CPU seconds",
        [
          ...(before === undefined ? [] : [{ name: former, run: () => put(before, "before.bin") }]),
          {
            name: "sftp to naru",
            target: { atMost: 0.7, of: [former], figures: ["cpuSeconds"] },
            run: () => put(gateway, "cpu.bin"),
          },
        ],
        room.options,
      ),
    ];
  },
};
