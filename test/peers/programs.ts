/** The programs that tests run against, which of them are here, and what installs the others. */

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs on the `PATH`, other files by their place, and the Debian package each comes in. */
export const packages = {
  "ceph-mon": "ceph-mon",
  monmaptool: "ceph-mon",
  "ceph-osd": "ceph-osd",
  radosgw: "radosgw",
  "radosgw-admin": "radosgw",
  ceph: "ceph-common",
  "ceph-authtool": "ceph-common",
  chromium: "chromium",
  "firefox-esr": "firefox-esr",
  WebKitWebDriver: "webkit2gtk-driver",
  Xvfb: "xvfb",
  xdotool: "xdotool",
  trayer: "trayer",
  "dbus-daemon": "dbus-daemon",
  "/usr/lib/python3/dist-packages/gi/__init__.py": "python3-gi",
  "/usr/lib/x86_64-linux-gnu/libappindicator3.so.1": "libayatana-appindicator3-1",
  ip: "iproute2",
  curl: "curl",
  ssh: "openssh-client",
  sftp: "openssh-client",
  scp: "openssh-client",
  "ssh-keygen": "openssh-client",
  "/usr/sbin/sshd": "openssh-server",
  "/usr/lib/openssh/sftp-server": "openssh-sftp-server",
  lftp: "lftp",
  ncftp: "ncftp",
  tnftp: "tnftp",
  wget: "wget",
  psftp: "putty-tools",
  sshfs: "sshfs",
  fusermount: "fuse3",
  rsync: "rsync",
  rclone: "rclone",
  "/usr/lib/python3/dist-packages/asyncssh/__init__.py": "python3-asyncssh",
  "/usr/share/perl5/Net/SFTP/Foreign.pm": "libnet-sftp-foreign-perl",
  "/usr/share/rubygems-integration/all/gems/net-sftp-4.0.0/lib/net/sftp.rb": "ruby-net-sftp",
  php: "php8.2-cli",
  "/usr/lib/php/20220829/ssh2.so": "php8.2-ssh2",
  ncftpput: "ncftp",
  wput: "wput",
  busybox: "busybox",
  restic: "restic",
  duplicity: "duplicity",
  wget2: "wget2",
  aria2c: "aria2",
  axel: "axel",
  http: "httpie",
  "/usr/lib/python3/dist-packages/requests/__init__.py": "python3-requests",
  "/usr/sbin/vsftpd": "vsftpd",
  "/usr/lib/python3/dist-packages/paramiko/__init__.py": "python3-paramiko",
  "/usr/lib/python3/dist-packages/pyftpdlib/__init__.py": "python3-pyftpdlib",
  "/usr/lib/python3/dist-packages/swift/__init__.py": "python3-swift",
  "/usr/lib/python3/dist-packages/boto3/__init__.py": "python3-boto3",
  makensis: "nsis",
  wixl: "wixl",
  wine: "wine",
  wineserver: "wine",
  osslsigncode: "osslsigncode",
  openssl: "openssl",
  "dpkg-deb": "dpkg",
  "desktop-file-validate": "desktop-file-utils",
  "xdg-mime": "xdg-utils",
  "systemd-analyze": "systemd",
  tmux: "tmux",
  script: "bsdutils",
  "/usr/sbin/nginx": "nginx",
  "/usr/sbin/haproxy": "haproxy",
  caddy: "caddy",
  "/usr/sbin/apache2": "apache2-bin",
  zip: "zip",
  zipinfo: "unzip",
  unzip: "unzip",
  "7z": "p7zip-full",
  "7zz": "7zip",
  bsdtar: "libarchive-tools",
  jar: "openjdk-17-jdk-headless",
  "/usr/bin/python3": "python3",
} as const;

type Program = keyof typeof packages;

/** What tests need beside programs, and whether it is so. */
const conditions = {
  root: () => process.getuid?.() === 0,
  Linux: () => process.platform === "linux",
} as const;

export type Need = Program | keyof typeof conditions;

/** What an S3 server of our own takes; none of it where `NARU_TEST_S3` names one. */
export const ofCeph = [
  "ceph-mon",
  "monmaptool",
  "ceph-osd",
  "radosgw",
  "radosgw-admin",
  "ceph",
  "ceph-authtool",
] as const satisfies readonly Program[];

/** Which of the programs are not on the `PATH`, or not in their place. */
export function missingPrograms(): readonly Program[] {
  // The keys of the table are its programs.
  return (Object.keys(packages) as Program[]).filter((program) => !isHere(program));
}

/** Which of these are not here. */
export function missing(needed: readonly Need[]): readonly Need[] {
  return needed.filter((need) =>
    need in conditions ? !conditions[need as keyof typeof conditions]() : !isHere(need as Program),
  );
}

/** The Debian packages that bring these. */
export function packagesOf(needed: readonly Need[]): readonly string[] {
  return [...new Set(needed.flatMap((need) => (need in packages ? [packages[need as Program]] : [])))];
}

function isHere(program: Program): boolean {
  const { NARU_TEST_S3: elsewhere } = process.env;
  if (elsewhere !== undefined && ofCeph.some((one) => one === program)) return true;
  const { PATH: path = "" } = process.env;
  const files = program.startsWith("/") ? [program] : path.split(delimiter).map((folder) => join(folder, program));
  return files.some((file) => {
    try {
      accessSync(file, program.startsWith("/") ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
