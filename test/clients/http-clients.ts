/** Programs at the HTTP door. */

import { type Client, type Deed, type Doors, underItsName } from "./client.ts";
import { scriptDeeds } from "./scripts.ts";

const url = ({ origin }: Doors, path = ""): string => `${origin}/api/files${path && `/${path}`}`;
const urlWithUser = (doors: Doors, path: string): string =>
  url(doors, path).replace("://", `://${doors.user}:${doors.password}@`);
const curl =
  (...options: readonly string[]): Deed =>
  (doors, { local, remote }) => ({
    argv: [
      ...["curl", "-q", "-sS", "-f", "--user", `${doors.user}:${doors.password}`],
      ...options.map((option) => (option === "LOCAL" ? local : option)),
      url(doors, remote),
    ],
  });
const wget =
  (program: "wget" | "wget2", ...options: readonly string[]): Deed =>
  (doors, { local, remote }) => ({
    argv: [
      program,
      "-q",
      "--user",
      doors.user,
      "--password",
      doors.password,
      ...options,
      "-O",
      local,
      url(doors, remote),
    ],
  });
const aria2c =
  (...options: readonly string[]): Deed =>
  (doors, { local, remote }) => ({
    argv: [
      ...["aria2c", "-q", "--http-user", doors.user, "--http-passwd", doors.password],
      ...[...options, "-o", local, url(doors, remote)],
    ],
  });
const http = (doors: Doors): readonly string[] => [
  "http",
  "--ignore-stdin",
  "--check-status",
  "-a",
  `${doors.user}:${doors.password}`,
];
const fetched: Deed = wget("wget");

export const httpClients: readonly Client[] = [
  {
    program: "curl",
    debian: "curl",
    version: "7.88",
    door: "HTTP",
    bucket: true,
    elsewhere: { file: "test/e2e/curl.test.ts", columns: ["upload", "download"] },
    list: (doors) => curl()(doors, { local: "", remote: "" }),
    resumeDownload: curl("-C", "-", "-o", "LOCAL"),
    needs: { en: "`-T` uploads; `-C -` resumes", ko: "올리기는 `-T`, 이어받기는 `-C -`" },
  },
  {
    program: "wget",
    debian: "wget",
    version: "1.21",
    door: "HTTP",
    upload: (doors, { local, remote }) => ({
      argv: [
        ...["wget", "-q", "--user", doors.user, "--password", doors.password],
        ...["--method=PUT", `--body-file=${local}`, "-O", "-", url(doors, remote)],
      ],
    }),
    download: fetched,
    list: (doors) => ({
      argv: ["wget", "-q", "--user", doors.user, "--password", doors.password, "-O", "-", url(doors)],
    }),
    resumeDownload: wget("wget", "-c"),
    needs: { en: "`--method=PUT --body-file=FILE` uploads", ko: "올리기는 `--method=PUT --body-file=파일`" },
  },
  {
    program: "wget2",
    debian: "wget2",
    version: "1.99",
    door: "HTTP",
    download: wget("wget2"),
    resumeDownload: underItsName((doors, { remote }) => ({
      argv: ["wget2", "-q", "-c", "--user", doors.user, "--password", doors.password, url(doors, remote)],
    })),
    needs: {
      en: "`--user`, `--password`; `-c` resumes, not with `-O`; compare the size",
      ko: "`--user`, `--password`. 이어받기는 `-O` 없이 `-c`. 크기를 비교할 것",
    },
  },
  {
    program: "aria2c",
    debian: "aria2",
    version: "1.36",
    door: "HTTP",
    download: aria2c("-x4", "-k1M"),
    resumeDownload: aria2c("-c"),
  },
  {
    program: "axel",
    debian: "axel",
    version: "2.17",
    door: "HTTP",
    download: (doors, { local, remote }) => ({ argv: ["axel", "-q", "-n4", "-o", local, urlWithUser(doors, remote)] }),
    needs: { en: "the password in the address", ko: "주소에 비밀번호" },
  },
  {
    program: "HTTPie",
    debian: "httpie",
    version: "3.2",
    door: "HTTP",
    upload: (doors, { local, remote }) => ({ argv: [...http(doors), "-q", "PUT", url(doors, remote), `@${local}`] }),
    download: (doors, { local, remote }) => ({ argv: [...http(doors), "-q", "-d", "-o", local, url(doors, remote)] }),
    list: (doors) => ({ argv: [...http(doors), url(doors)] }),
    resumeDownload: (doors, { local, remote }) => ({
      argv: [...http(doors), "-q", "-d", "-c", "-o", local, url(doors, remote)],
    }),
    needs: { en: "`-d -c -o FILE` resumes", ko: "이어받기는 `-d -c -o 파일`" },
  },
  {
    program: "requests (Python)",
    debian: "python3-requests",
    version: "2.28",
    door: "HTTP",
    ...scriptDeeds("requests-client.py", ["put", "get", "list", "reget"]),
    needs: { en: "count the bytes yourself", ko: "받은 바이트 수를 직접 확인할 것" },
  },
  {
    program: "busybox wget",
    debian: "busybox",
    version: "1.35",
    door: "HTTP",
    download: (doors, { local, remote }) => ({
      argv: ["busybox", "wget", "-q", "-O", local, urlWithUser(doors, remote)],
    }),
    resumeDownload: (doors, { local, remote }) => ({
      argv: ["busybox", "wget", "-q", "-c", "-O", local, urlWithUser(doors, remote)],
    }),
    needs: { en: "the password in the address", ko: "주소에 비밀번호" },
  },
];
