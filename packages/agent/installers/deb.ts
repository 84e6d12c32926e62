/** The Debian and Ubuntu package. */

import { chmod, copyFile, mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Goods } from "./goods.ts";
import { run } from "./run.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const files: Readonly<Record<string, string>> = {
  "usr/share/applications/naru-agent.desktop": here("linux/naru-agent.desktop"),
  "etc/xdg/autostart/naru-agent.desktop": here("linux/naru-agent-autostart.desktop"),
  "usr/lib/systemd/user/naru-agent.service": here("linux/naru-agent.service"),
  "usr/share/icons/hicolor/256x256/apps/naru-agent.png": here("icon/naru-agent.png"),
  "usr/share/icons/hicolor/scalable/apps/naru-agent.svg": here("icon/naru-agent.svg"),
};

const scripts = ["postinst", "prerm", "postrm"];

/** Make `naru-agent_amd64.deb`. */
export async function makeDeb({ program, tray, window, version, license, work, out, fast }: Goods): Promise<string> {
  const output = join(out, "naru-agent_amd64.deb");
  const root = join(work, "deb");
  await mkdir(root, { recursive: true, mode: 0o755 });
  await place(program, join(root, "opt/naru-agent/naru-agent"), 0o755);
  await place(tray, join(root, "opt/naru-agent/naru-agent-tray"), 0o755);
  await place(window, join(root, "opt/naru-agent/naru-agent-window.node"), 0o644);
  await place(license, join(root, "usr/share/doc/naru-agent/copyright"), 0o644);
  for (const [path, source] of Object.entries(files)) await place(source, join(root, path), 0o644);
  for (const script of scripts) await place(here(`linux/${script}`), join(root, "DEBIAN", script), 0o755);
  await mkdir(join(root, "usr/bin"), { recursive: true });
  await symlink("/opt/naru-agent/naru-agent", join(root, "usr/bin/naru-agent"));
  await writeFile(join(root, "DEBIAN/conffiles"), "/etc/xdg/autostart/naru-agent.desktop\n");
  const facts = await Promise.all([program, tray, window].map((file) => stat(file)));
  const size = facts.reduce((sum, file) => sum + file.size, 0);
  await writeFile(join(root, "DEBIAN/control"), control(version, size));
  const compression = fast ? ["-Zgzip", "-z1"] : ["-Zxz", "-z3"];
  await run("dpkg-deb", ["--root-owner-group", ...compression, "--build", root, output]);
  return output;
}

async function place(source: string, path: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await copyFile(source, path);
  await chmod(path, mode);
}

function control(version: string, size: number): string {
  return `Package: naru-agent
Version: ${version}
Section: net
Priority: optional
Architecture: amd64
Installed-Size: ${Math.ceil(size / 1024)}
Depends: libc6 (>= 2.28), libstdc++6
Recommends: xdg-utils, libayatana-appindicator3-1 | libappindicator3-1
Suggests: zenity | kdialog, libwebkit2gtk-4.1-0, libnotify-bin
Maintainer: Naru <naru@localhost>
Description: desktop agent of Naru
 Takes very large files over from the browser or opens them itself, and goes on
 sending when the browser, the network or the computer was switched off.
`;
}
