/** Makes `node.exe` ours to look at: icon, version, and no black window when it starts. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pinnedPackage } from "./pinned-packages.ts";

/** IMAGE_SUBSYSTEM_WINDOWS_GUI: Windows opens no console for the program. */
const windowsGui = 2;
const english = { lang: 0x409, codepage: 1200 } as const;

/** Write a copy of `nodeExe` with our icon and `version`, its OpenJS signature left out. */
export async function brand(nodeExe: string, output: string, version: string, icon: string): Promise<void> {
  const { pe, edit } = await tools();
  const exe = pe.NtExecutable.from(await readFile(nodeExe), { ignoreCert: true });
  const resources = pe.NtExecutableResource.from(exe);
  const pictures = edit.Data.IconFile.from(await readFile(icon)).icons.map(({ data }) => data);
  for (const { id, lang } of edit.Resource.IconGroupEntry.fromEntries(resources.entries)) {
    edit.Resource.IconGroupEntry.replaceIconsForResource(resources.entries, id, lang, pictures);
  }
  const [info] = edit.Resource.VersionInfo.fromEntries(resources.entries);
  if (info === undefined) throw new Error(`Cannot brand "${nodeExe}": it has no version information`);
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  info.setFileVersion(major, minor, patch, 0, english.lang);
  info.setProductVersion(major, minor, patch, 0, english.lang);
  info.setStringValues(english, {
    FileDescription: "Naru Agent",
    ProductName: "Naru Agent",
    CompanyName: "Naru",
    LegalCopyright: "Apache-2.0; contains Node.js (MIT)",
    InternalName: "naru-agent",
    OriginalFilename: "naru-agent.exe",
  });
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(exe);
  exe.newHeader.optionalHeader.subsystem = windowsGui;
  await writeFile(output, new Uint8Array(exe.generate()));
}

interface Executable {
  readonly newHeader: { readonly optionalHeader: { subsystem: number } };
  generate(): ArrayBuffer;
}

interface Entries {
  readonly entries: unknown;
  outputResource(exe: Executable): void;
}

interface PeLibrary {
  readonly NtExecutable: { from(data: Uint8Array, options: { readonly ignoreCert: boolean }): Executable };
  readonly NtExecutableResource: { from(exe: Executable): Entries };
}

interface VersionInfo {
  setFileVersion(major: number, minor: number, micro: number, revision: number, lang: number): void;
  setProductVersion(major: number, minor: number, micro: number, revision: number, lang: number): void;
  setStringValues(language: typeof english, values: Readonly<Record<string, string>>): void;
  outputToResourceEntries(entries: unknown): void;
}

interface ResEdit {
  readonly Data: {
    readonly IconFile: { from(data: Uint8Array): { readonly icons: readonly { readonly data: unknown }[] } };
  };
  readonly Resource: {
    readonly IconGroupEntry: {
      fromEntries(entries: unknown): readonly { readonly id: number; readonly lang: number }[];
      replaceIconsForResource(entries: unknown, id: number, lang: number, icons: readonly unknown[]): void;
    };
    readonly VersionInfo: { fromEntries(entries: unknown): readonly VersionInfo[] };
  };
}

async function tools(): Promise<{ pe: PeLibrary; edit: ResEdit }> {
  const peHome = await pinnedPackage("pe-library@1.0.1");
  const editHome = await pinnedPackage("resedit@2.0.3");
  const load = (home: string): Promise<unknown> => import(pathToFileURL(join(home, "dist/index.js")).href);
  // Both versions are pinned, and these are the parts of their declarations that are used here.
  return { pe: (await load(peHome)) as PeLibrary, edit: (await load(editHome)) as ResEdit };
}
