/** Which versions of the peers took part, without which a figure means nothing. */

import { output } from "./command.ts";

export type Peer =
  | "curl"
  | "Django"
  | "django-storages"
  | "gunicorn"
  | "pyftpdlib"
  | "boto3"
  | "rclone"
  | "awscli"
  | "s3cmd"
  | "OpenSSH"
  | "lftp"
  | "Chromium"
  | "Ceph";

const python = (module: string, version: string): readonly string[] => [
  "/usr/bin/python3",
  "-c",
  `import ${module}; print(${module}.${version})`,
];

/** What prints a version. */
const sources: Readonly<Record<Peer, readonly string[]>> = {
  curl: ["curl", "--version"],
  Django: python("django", "__version__"),
  "django-storages": python("storages", "__version__"),
  gunicorn: ["gunicorn", "--version"],
  pyftpdlib: python("pyftpdlib", "__ver__"),
  boto3: python("boto3", "__version__"),
  rclone: ["rclone", "version"],
  awscli: ["/usr/bin/aws", "--version"],
  s3cmd: ["s3cmd", "--version"],
  OpenSSH: ["sh", "-c", "ssh -V 2>&1"],
  lftp: ["lftp", "--version"],
  Chromium: ["chromium", "--version"],
  Ceph: ["radosgw", "--version"],
};

/** Ask each for its version, "unknown" where it is not here. */
export async function versionsOf(peers: readonly Peer[]): Promise<Readonly<Record<string, string>>> {
  const asked = peers.map(async (peer) => [peer, await versionOf(sources[peer])] as const);
  return Object.fromEntries(await Promise.all(asked));
}

async function versionOf(command: readonly string[]): Promise<string> {
  const said = await output(command).catch(() => "");
  return /\d+(\.\d+)+[\w.+-]*/.exec(said)?.[0] ?? "unknown";
}
