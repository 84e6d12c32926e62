/** Back-up programs at the SFTP door. */

import type { Backup } from "./client.ts";

const restic = (...words: readonly string[]) => ({
  argv: [
    ...["restic", "-q", "--no-cache", "-r", "sftp:naru:restic"],
    ...["-o", "sftp.command=ssh -F ssh_config 127.0.0.1 -s sftp", ...words],
  ],
  env: { RESTIC_PASSWORD: "restic" },
});

export const backups: readonly Backup[] = [
  {
    ...{ program: "restic", debian: "restic", version: "0.14", door: "SFTP" },
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
    ...{ program: "duplicity", debian: "duplicity", version: "0.8", door: "SFTP" },
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
