/** Programs that handle whole folders at the SFTP door: mounts and back-ups. */

import type { Tree } from "./client.ts";

const restic = (...words: readonly string[]) => ({
  argv: [
    ...["restic", "-q", "--no-cache", "-r", "sftp:naru:restic"],
    ...["-o", "sftp.command=ssh -F ssh_config 127.0.0.1 -s sftp", ...words],
  ],
  env: { RESTIC_PASSWORD: "restic" },
});

export const trees: readonly Tree[] = [
  {
    program: "sshfs",
    debian: "sshfs",
    version: "3.7",
    door: "SFTP",
    device: "/dev/fuse",
    did: {
      en: "`cp`, `mv`, `rsync --inplace`, `dd conv=notrunc`, `>>`, `truncate`, `zip`, a program that rewrites its header; links are refused",
      ko: "`cp`, `mv`, `rsync --inplace`, `dd conv=notrunc`, `>>`, `truncate`, `zip`, 머리 부분을 나중에 고쳐 쓰는 프로그램. 링크는 거절",
    },
    steps: ({ host }) => [
      { argv: ["sftp", "-F", "ssh_config", "-b", "script", host], script: ["mkdir sshfs"] },
      { argv: [new URL("./scripts/sshfs-edits.sh", import.meta.url).pathname] },
    ],
  },
  {
    program: "restic",
    debian: "restic",
    version: "0.14",
    door: "SFTP",
    did: {
      en: "`init`, `backup`, `check --read-data`, `forget --prune`, `restore`",
      ko: "`init`, `backup`, `check --read-data`, `forget --prune`, `restore`",
    },
    steps: () => [
      restic("init"),
      restic("backup", "source"),
      restic("check", "--read-data"),
      restic("forget", "--prune", "--keep-last", "1"),
      restic("restore", "latest", "--target", "restic"),
    ],
    restored: "restic/source",
  },
  {
    program: "duplicity",
    debian: "duplicity",
    version: "0.8",
    door: "SFTP",
    did: { en: "a full back-up, and restoring it", ko: "전체 백업과 복원" },
    steps: ({ host, sftpPort, user, password }) => {
      const options = ["--no-encryption", "--archive-dir", "archive", "-v1"];
      const ssh = "--ssh-options=-oUserKnownHostsFile=known_hosts";
      const url = `sftp://${user}@${host}:${sftpPort}/duplicity`;
      const env = { FTP_PASSWORD: password };
      return [
        { argv: ["duplicity", ...options, ssh, "source", url], env },
        { argv: ["duplicity", ...options, ssh, url, "duplicity"], env },
      ];
    },
    restored: "duplicity",
  },
];
