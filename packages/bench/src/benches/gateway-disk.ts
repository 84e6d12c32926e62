import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { type Competitor, contest, type Sample } from "../contest.ts";
import { curlPut } from "../curl.ts";
import { startOpenSsh, startVsftpd } from "../disk-servers.ts";
import { sftpGet, sftpPut, startGateway } from "../gateway.ts";
import { cpuOfServer } from "../measured.ts";
import { password } from "../naru.ts";

const size = 512 * MiB;
const name = "big.bin";

/** What OpenSSH and vsftpd write is in the kernel's memory when they answer; what Naru writes is on the disk, and checked. */
export const gatewayDisk: Benchmark = {
  name: "gateway-disk",
  about:
    "512 MiB up and down by SFTP and FTP with files on disk: OpenSSH's server, vsftpd, and Naru; CPU is the server's",
  rounds: 3,
  async run(room) {
    const folders = { naru: join(room.dir, "naru"), ssh: join(room.dir, "ssh"), ftp: join(room.dir, "ftp") };
    for (const folder of Object.values(folders)) await mkdir(folder);
    const naru = await startGateway(room, { folder: folders.naru });
    const { pid } = naru.naru;
    const ssh = await startOpenSsh(room, folders.ssh);
    const ftp = await startVsftpd(room, folders.ftp);
    const file = await room.file("source.bin", size);
    const fetched = join(room.dir, "fetched.bin");
    const ours = `ftp://admin:${encodeURIComponent(password)}@${room.options.host}:${naru.ftpPort}/${name}`;
    const get = (url: string): Promise<Sample> => timed(["curl", "-sS", "--fail", "-o", fetched, url]);
    const up = (title: string, server: number, stored: string, run: () => Promise<Sample>): Competitor => ({
      name: title,
      run: async () => {
        // Each round writes a new file, and what the last one needs stays to be fetched.
        await rm(stored, { force: true });
        return cpuOfServer(server, run);
      },
    });
    const down = (title: string, server: number, run: () => Promise<Sample>): Competitor => ({
      name: title,
      run: async () => {
        await rm(fetched, { force: true });
        return cpuOfServer(server, run);
      },
    });
    return [
      await contest(
        "512 MiB up onto disk",
        [
          up("sftp to OpenSSH", ssh.pid, join(folders.ssh, name), () => sftpPut(ssh, file, name)),
          up("sftp to naru", pid, join(folders.naru, name), () => sftpPut(naru.sftp, file, name)),
          up("curl -T to vsftpd", ftp.pid, join(folders.ftp, "up", name), () => curlPut(file, ftp.url(name))),
          up("curl -T by FTP to naru", pid, join(folders.naru, name), () => naru.ftpPut(file, name)),
        ],
        room.options,
      ),
      await contest(
        "512 MiB down from disk",
        [
          down("sftp from OpenSSH", ssh.pid, () => sftpGet(ssh, name, fetched)),
          down("sftp from naru", pid, () => sftpGet(naru.sftp, name, fetched)),
          down("curl from vsftpd", ftp.pid, () => get(ftp.url(name))),
          down("curl by FTP from naru", pid, () => get(ours)),
        ],
        room.options,
      ),
    ];
  },
};
