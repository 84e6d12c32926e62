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
  script: "bsdutils",
  "/usr/sbin/nginx": "nginx",
  "/usr/sbin/haproxy": "haproxy",
  caddy: "caddy",
  "/usr/sbin/apache2": "apache2-bin",
  tmux: "tmux",
  zip: "zip",
  zipinfo: "unzip",
};

/** Packages whose installation starts a service, and its name. Tests start the programs themselves, on ports of their own. */
const services: Readonly<Record<string, string>> = {
  nginx: "nginx",
  haproxy: "haproxy",
  caddy: "caddy",
  vsftpd: "vsftpd",
  "openssh-server": "ssh",
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
  try {
    for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...names]]) {
      const code = await run(["apt-get", "--quiet", ...args], env);
      if (code !== 0) throw new Error(`Cannot install "${names.join(" ")}": apt-get ${args[0]} ended with ${code}`);
    }
  } finally {
    await stopServices(names);
  }
}

/** Leave no service listening that was not there before. */
async function stopServices(names: readonly string[]): Promise<void> {
  const hasSystemd = await access("/run/systemd/system").then(
    () => true,
    () => false,
  );
  for (const service of names.flatMap((name) => services[name] ?? [])) {
    const command = hasSystemd ? ["systemctl", "disable", "--now", service] : ["service", service, "stop"];
    // Where none was started, there is none to stop.
    await run(command, process.env).catch(() => undefined);
  }
}

async function run([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn(program, args, { env, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
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
