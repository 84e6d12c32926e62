/** Programs at the SFTP door. */

import type { Client, Deed, Doors } from "./client.ts";
import { scriptDeeds } from "./scripts.ts";

const ssh = ["-F", "ssh_config"];
const putty = ({ sftpPort, user, password, hostKey }: Doors): readonly string[] => [
  ...["-batch", "-P", String(sftpPort), "-l", user, "-pw", password, "-hostkey", hostKey],
];
const curl = ({ user, password }: Doors): readonly string[] => [
  "curl",
  "-q",
  "-sS",
  "-k",
  "--user",
  `${user}:${password}`,
];
const address = ({ host, sftpPort }: Doors, path = ""): string => `sftp://${host}:${sftpPort}/${path}`;
const psftp =
  (line: (local: string, remote: string) => string): Deed =>
  (doors, { local, remote }) => ({
    argv: ["psftp", ...putty(doors), "-b", "script", doors.host],
    script: [line(local, remote)],
  });
const sftp =
  (line: (local: string, remote: string) => string): Deed =>
  ({ host }, { local, remote }) => ({ argv: ["sftp", ...ssh, "-b", "script", host], script: [line(local, remote)] });
const gateway = "test/e2e/gateway-clients.test.ts";
const others = "packages/server/test/sftp/other-clients.long.test.ts";

export const sftpClients: readonly Client[] = [
  {
    program: "OpenSSH sftp",
    debian: "openssh-client",
    version: "9.2",
    door: "SFTP",
    resumeUpload: sftp((local, remote) => `reput ${local} ${remote}`),
    resumeDownload: sftp((local, remote) => `reget ${remote} ${local}`),
    elsewhere: { file: gateway, columns: ["upload", "download", "list"] },
    needs: { en: "`reput` / `reget` resume", ko: "이어받기는 `reput` / `reget`" },
  },
  {
    program: "OpenSSH scp",
    debian: "openssh-client",
    version: "9.2",
    door: "SFTP",
    upload: ({ host }, { local, remote }) => ({ argv: ["scp", ...ssh, local, `${host}:${remote}`] }),
    download: ({ host }, { local, remote }) => ({ argv: ["scp", ...ssh, `${host}:${remote}`, local] }),
    needs: { en: "not `-O`", ko: "`-O` 없이" },
  },
  {
    program: "psftp (PuTTY)",
    debian: "putty-tools",
    version: "0.78",
    door: "SFTP",
    bucket: true,
    list: psftp(() => "ls"),
    resumeUpload: psftp((local, remote) => `reput ${local} ${remote}`),
    resumeDownload: psftp((local, remote) => `reget ${remote} ${local}`),
    elsewhere: { file: gateway, columns: ["upload", "download"] },
    needs: { en: "`reput` / `reget` resume", ko: "이어받기는 `reput` / `reget`" },
  },
  {
    program: "pscp (PuTTY)",
    debian: "putty-tools",
    version: "0.78",
    door: "SFTP",
    upload: (doors, { local, remote }) => ({ argv: ["pscp", ...putty(doors), local, `${doors.host}:${remote}`] }),
    download: (doors, { local, remote }) => ({ argv: ["pscp", ...putty(doors), `${doors.host}:${remote}`, local] }),
    list: (doors) => ({ argv: ["pscp", ...putty(doors), "-ls", `${doors.host}:`] }),
  },
  {
    program: "lftp",
    debian: "lftp",
    version: "4.9",
    door: "SFTP",
    elsewhere: { file: others, columns: ["upload", "download", "list", "resumeUpload"] },
    resumeDownload: ({ host, user }, { local, remote }) => ({
      argv: [
        ...["lftp", "--norc", "-c"],
        `set sftp:connect-program "ssh -a -x ${ssh.join(" ")}"; open -u ${user}, sftp://${host}; get -c ${remote} -o ${local}`,
      ],
    }),
    needs: { en: "`put -c` / `get -c` resume", ko: "이어받기는 `put -c` / `get -c`" },
  },
  {
    program: "curl",
    debian: "curl",
    version: "7.88",
    door: "SFTP",
    elsewhere: { file: others, columns: ["upload", "download", "resumeUpload"] },
    list: (doors) => ({ argv: [...curl(doors), "-l", address(doors)] }),
    resumeDownload: (doors, { local, remote }) => ({
      argv: [...curl(doors), "-C", "-", "-o", local, address(doors, remote)],
    }),
    needs: { en: "`-C -` resumes", ko: "이어 보내기는 `-C -`" },
  },
  {
    program: "rclone",
    debian: "rclone",
    version: "1.60",
    door: "SFTP",
    elsewhere: { file: gateway, columns: ["upload", "download"] },
    needs: { en: "`shell_type none`; a cut file starts over", ko: "`shell_type none`. 끊긴 파일은 처음부터" },
  },
  {
    program: "paramiko (Python)",
    debian: "python3-paramiko",
    version: "2.12",
    door: "SFTP",
    elsewhere: { file: others, columns: ["upload", "list"] },
    ...scriptDeeds("paramiko-client.py", ["get", "resume"]),
    needs: { en: "resume: `stat`, open with `a`", ko: "이어 보내기: `stat` 뒤 `a`로 열기" },
  },
  {
    program: "asyncssh (Python)",
    debian: "python3-asyncssh",
    version: "2.10",
    door: "SFTP",
    ...scriptDeeds("asyncssh-client.py", ["put", "get", "list", "resume"]),
    needs: { en: "resume: `stat`, open with `ab`", ko: "이어 보내기: `stat` 뒤 `ab`로 열기" },
  },
  {
    program: "Net::SFTP::Foreign (Perl)",
    debian: "libnet-sftp-foreign-perl",
    version: "1.93",
    door: "SFTP",
    ...scriptDeeds("foreign-client.pl", ["put", "get", "list", "resume", "reget"]),
    needs: { en: "`resume => 1` resumes", ko: "이어받기는 `resume => 1`" },
  },
  {
    program: "net-sftp (Ruby)",
    debian: "ruby-net-sftp",
    version: "4.0",
    door: "SFTP",
    ...scriptDeeds("net-sftp-client.rb", ["put", "get", "list"]),
  },
  {
    program: "PHP ssh2",
    debian: "php8.2-ssh2",
    version: "1.3",
    door: "SFTP",
    ...scriptDeeds("ssh2-client.php", ["put", "get", "list", "resume"], { options: ["-d", "extension=ssh2"] }),
    needs: { en: "resume: open with `a+`, not `a`", ko: "이어 보내기: `a`가 아니라 `a+`로 열기" },
  },
];
