/** Programs at the FTP door. */

import { type Client, type Deed, type Doors, sizes, underItsName } from "./client.ts";
import { scriptDeeds } from "./scripts.ts";

const address = ({ host, ftpPort, user, password }: Doors, path = ""): string =>
  `ftp://${user}:${password}@${host}:${ftpPort}/${path}`;
const ncftp = ({ ftpPort, user, password }: Doors): readonly string[] => [
  ...["-u", user, "-p", password, "-P", String(ftpPort)],
];
/** tnftp takes its commands from the standard input. */
const tnftp =
  (...lines: readonly string[]): Deed =>
  (doors, { local, remote }) => ({
    argv: ["sh", "-c", "exec tnftp -V -n <script"],
    script: [
      `open ${doors.host} ${doors.ftpPort}`,
      `user ${doors.user} ${doors.password}`,
      ...lines.map((line) => line.replace("LOCAL", local).replace("REMOTE", remote)),
    ],
  });
const busybox =
  (applet: "ftpput" | "ftpget", ...options: readonly string[]): Deed =>
  ({ host, ftpPort, user, password }, { local, remote }) => {
    const [to, from] = applet === "ftpput" ? [remote, local] : [local, remote];
    const who = ["-u", user, "-p", password, "-P", String(ftpPort)];
    return { argv: ["busybox", applet, ...options, ...who, host, to, from] };
  };
const lftp =
  (door: Client["door"], commands: (local: string, remote: string) => string): Deed =>
  ({ host, ftpPort, user, password }, { local, remote }) => {
    const tls = door === "FTP" ? "set ftp:ssl-allow no" : "set ftp:ssl-force yes; set ssl:verify-certificate no";
    const open = `open -u ${user},${password} ftp://${host}:${ftpPort}`;
    return { argv: ["lftp", "--norc", "-c", `${tls}; ${open}; ${commands(local, remote)}`] };
  };
const here = "packages/server/test/ftp/clients.test.ts";
const phpFtp = { options: ["-d", "extension=ftp"] };

export const ftpClients: readonly Client[] = [
  ...(["FTP", "FTP over TLS"] as const).flatMap((door): Client[] => [
    {
      program: "curl",
      debian: "curl",
      version: "7.88",
      door,
      resumeDownload: (doors, { local, remote }) => ({
        argv: [
          ...["curl", "-q", "-sS", ...(door === "FTP" ? [] : ["--ssl-reqd", "-k"])],
          ...["-C", "-", "-o", local, address(doors, remote)],
        ],
      }),
      elsewhere: { file: here, columns: ["upload", "download", "list", "resumeUpload"] },
      needs: door === "FTP" ? both("`-C -` resumes", "이어 보내기는 `-C -`") : both("`--ssl-reqd`", "`--ssl-reqd`"),
    },
    {
      program: "lftp",
      debian: "lftp",
      version: "4.9",
      door,
      resumeDownload: lftp(door, (local, remote) => `get -c ${remote} -o ${local}`),
      elsewhere: { file: here, columns: ["upload", "download", "list", "resumeUpload"] },
      needs:
        door === "FTP"
          ? both("`put -c` / `get -c` resume; a UTF-8 locale", "이어받기는 `put -c` / `get -c`. UTF-8 로캘")
          : both("`set ftp:ssl-force yes`", "`set ftp:ssl-force yes`"),
    },
    {
      program: "rclone",
      debian: "rclone",
      version: "1.60",
      door,
      elsewhere: { file: here, columns: ["upload", "download"] },
      ...(door === "FTP" ? {} : { needs: both("`explicit_tls true`", "`explicit_tls true`") }),
    },
    {
      program: "PHP ftp functions",
      debian: "php8.2-cli",
      version: "8.2",
      door,
      ...scriptDeeds("ftp-client.php", ["put", "get", "list", "resume", "reget"], {
        ...phpFtp,
        env: door === "FTP" ? {} : { NARU_TLS: "1" },
      }),
      needs:
        door === "FTP"
          ? both("`ftp_pasv($ftp, true)`", "`ftp_pasv($ftp, true)`")
          : both("server without `--ftp-session-reuse`", "서버에 `--ftp-session-reuse`가 없을 때"),
    },
  ]),
  {
    program: "ftplib (Python)",
    debian: "python3",
    version: "3.11",
    door: "FTP over TLS",
    elsewhere: { file: here, columns: ["upload", "download", "list", "resumeUpload", "resumeDownload"] },
    needs: both("with `--ftp-session-reuse`: TLS 1.2", "`--ftp-session-reuse`이면 TLS 1.2"),
  },
  {
    program: "tnftp",
    debian: "tnftp",
    version: "20210827",
    door: "FTP",
    bucket: true,
    upload: tnftp("put LOCAL REMOTE"),
    download: tnftp("get REMOTE LOCAL"),
    list: tnftp("ls"),
    resumeUpload: tnftp(`restart ${sizes.half}`, "put LOCAL REMOTE"),
    resumeDownload: tnftp("reget REMOTE LOCAL"),
    needs: both("resume: `restart SIZE`, then `put`", "이어 보내기: `restart 크기` 뒤 `put`"),
  },
  {
    program: "ncftpput, ncftpget, ncftpls",
    debian: "ncftp",
    version: "3.2",
    door: "FTP",
    upload: (doors, { local, remote }) => ({
      argv: ["ncftpput", "-V", ...ncftp(doors), "-C", doors.host, local, remote],
    }),
    download: (doors, { local, remote }) => ({
      argv: ["ncftpget", "-V", ...ncftp(doors), "-C", doors.host, remote, local],
    }),
    list: (doors) => ({ argv: ["ncftpls", ...ncftp(doors), `ftp://${doors.host}/`] }),
    resumeDownload: underItsName((doors, { remote }) => ({
      argv: ["ncftpget", "-V", "-z", ...ncftp(doors), doors.host, ".", remote],
    })),
    needs: both("`ncftpget -z` resumes; not `ncftpput -z`", "이어받기는 `ncftpget -z`. `ncftpput -z`는 쓰지 않기"),
  },
  {
    program: "wput",
    debian: "wput",
    version: "0.6",
    door: "FTP",
    upload: (doors, { local, remote }) => ({ argv: ["wput", "-q", "--disable-tls", local, address(doors, remote)] }),
    resumeUpload: (doors, { local, remote }) => ({
      argv: ["wput", "-q", "--disable-tls", local, address(doors, remote)],
    }),
    needs: both("`--disable-tls`", "`--disable-tls`"),
  },
  {
    program: "Net::FTP (Perl)",
    debian: "perl",
    version: "5.36",
    door: "FTP",
    ...scriptDeeds("net-ftp-client.pl", ["put", "get", "list", "resume", "reget"]),
    needs: both("`Passive => 1`", "`Passive => 1`"),
  },
  {
    program: "PHP `ftp://`",
    debian: "php8.2-cli",
    version: "8.2",
    door: "FTP",
    ...scriptDeeds("ftp-wrapper.php", ["put", "get", "list", "resume"]),
    needs: both("resume: `FILE_APPEND`", "이어 보내기: `FILE_APPEND`"),
  },
  {
    program: "busybox ftpput, ftpget",
    debian: "busybox",
    version: "1.35",
    door: "FTP",
    upload: busybox("ftpput"),
    download: busybox("ftpget"),
    resumeDownload: busybox("ftpget", "-c"),
  },
  {
    program: "wget",
    debian: "wget",
    version: "1.21",
    door: "FTP",
    download: (doors, { local, remote }) => ({ argv: ["wget", "-q", "-O", local, address(doors, remote)] }),
    resumeDownload: (doors, { local, remote }) => ({ argv: ["wget", "-q", "-c", "-O", local, address(doors, remote)] }),
  },
  {
    program: "aria2c",
    debian: "aria2",
    version: "1.36",
    door: "FTP",
    download: (doors, { local, remote }) => ({
      argv: ["aria2c", "-q", "--timeout=5", "-x4", "-o", local, address(doors, remote)],
    }),
    resumeDownload: (doors, { local, remote }) => ({
      argv: ["aria2c", "-q", "--timeout=5", "-c", "-o", local, address(doors, remote)],
    }),
    // Where "226" comes together with "150", as for small files, it waits until then, and is content.
    needs: both("`--timeout=5` for small files", "작은 파일에는 `--timeout=5`"),
  },
  {
    program: "axel",
    debian: "axel",
    version: "2.17",
    door: "FTP",
    download: (doors, { local, remote }) => ({ argv: ["axel", "-q", "-n4", "-o", local, address(doors, remote)] }),
  },
];

function both(en: string, ko: string): { readonly en: string; readonly ko: string } {
  return { en, ko };
}
