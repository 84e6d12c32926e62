/** The Windows installer of one user, made by NSIS. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Goods } from "./goods.ts";
import { run } from "./run.ts";

const script = fileURLToPath(new URL("windows/naru-agent.nsi", import.meta.url));
const icon = fileURLToPath(new URL("icon/naru-agent.ico", import.meta.url));
const command = fileURLToPath(new URL("windows/naru-agent.cmd", import.meta.url));

/** Make `naru-agent-setup-x64.exe`. */
export async function makeSetup({
  program,
  tray,
  window,
  version,
  license,
  work,
  out,
  fast,
  signing,
}: Goods): Promise<string> {
  const output = join(out, "naru-agent-setup-x64.exe");
  const signLines = join(work, "sign.nsh");
  // The uninstaller is born inside the setup: only NSIS can have it signed.
  await writeFile(signLines, signing.script === undefined ? "" : `!uninstfinalize 'sh "${signing.script}" "%1"'\n`);
  const facts = {
    VERSION: version,
    PROGRAM: program,
    TRAY: tray,
    WINDOW: window,
    LICENSE_FILE: license,
    ICON: icon,
    COMMAND: command,
    OUTPUT: output,
    SIGN_LINES: signLines,
    ...(fast ? { FAST: "1" } : {}),
  };
  const definitions = Object.entries(facts).map(([name, value]) => `-D${name}=${value}`);
  await run("makensis", ["-V2", "-INPUTCHARSET", "UTF8", ...definitions, script]);
  await signing.sign(output);
  return output;
}
