/** `npm run peers`: see that the programs which the tests run against real things are there; as root, install them. */

import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Programs on the `PATH`, other files by their place, and the Debian package each comes in. */
const packages: Readonly<Record<string, string>> = {
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
  "/usr/sbin/vsftpd": "vsftpd",
  "/usr/lib/python3/dist-packages/paramiko/__init__.py": "python3-paramiko",
  "/usr/lib/python3/dist-packages/pyftpdlib/__init__.py": "python3-pyftpdlib",
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
  zip: "zip",
  zipinfo: "unzip",
};

/** What is not on the `PATH`, or not in its place. */
export async function missingPrograms(): Promise<readonly string[]> {
  const { PATH: path = "" } = process.env;
  const places = path.split(delimiter);
  const found = await Promise.all(
    Object.keys(packages).map(async (program) => {
      const looks = program.startsWith("/")
        ? [access(program)]
        : places.map((place) => access(join(place, program), constants.X_OK));
      const there = await Promise.any(looks).then(
        () => true,
        () => false,
      );
      return there ? [] : [program];
    }),
  );
  return found.flat();
}

async function install(names: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...names]]) {
    const child = spawn("apt-get", ["--quiet", ...args], { env, stdio: "inherit" });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    if (code !== 0) throw new Error(`Cannot install "${names.join(" ")}": apt-get ${args[0]} ended with ${code}`);
  }
}

async function main(): Promise<number> {
  const before = await missingPrograms();
  if (before.length === 0) return 0;
  const names = [...new Set(before.map((program) => packages[program] ?? program))];
  if (process.getuid?.() === 0) {
    await install(names).catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  }
  const missing = await missingPrograms();
  if (missing.length === 0) return 0;
  console.error(`Missing programs: ${missing.join(", ")}. The tests that need them will fail.`);
  console.error(`On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names.join(" ")}`);
  console.log(`NARU_MISSING=${missing.join(",")}`);
  const { CI: ci } = process.env;
  return ci === "true" ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) process.exitCode = await main();
