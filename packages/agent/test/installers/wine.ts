/** A Windows of its own for a test file: a wine prefix in a temporary folder. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../../../../test/peers/needs.ts";

needs("wine", "wineserver");

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface Started {
  readonly ended: Promise<Ended>;
}

export interface Wine extends AsyncDisposable {
  /** The folder that Windows programs see as C:\. */
  readonly drive: string;
  /** What Windows programs know as %LOCALAPPDATA%. */
  readonly localAppData: string;
  start(...command: readonly string[]): Promise<Started>;
  run(...command: readonly string[]): Promise<Ended>;
  /** A value of the registry; absent when there is none. An empty name is the key's own value. */
  registry(key: string, name: string): Promise<string | undefined>;
}

/** How Windows programs name a file of this computer. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Make the prefix; disposing it ends its processes and removes it. */
export async function openWine(): Promise<Wine> {
  const home = await mkdtemp(join(tmpdir(), "naru-wine-"));
  // Without a display wine shows nothing and waits for nobody; it must not ask for Mono or Gecko either.
  const environment = { WINEPREFIX: join(home, "prefix"), WINEDEBUG: "-all", WINEDLLOVERRIDES: "mscoree,mshtml=" };
  const env = { ...process.env, ...environment, DISPLAY: "" };
  let runs = 0;
  const start = async (...command: readonly string[]): Promise<Started> => {
    runs += 1;
    const file = join(home, `output-${runs}.txt`);
    // A pipe as standard output makes Node fail with EBADF in wine: a file does not.
    const output = await open(file, "w");
    const child = spawn("wine", command, { env, stdio: ["ignore", output.fd, output.fd] });
    const closed = once(child, "exit");
    await output.close();
    return {
      ended: closed.then(async ([code]) => ({ code: Number(code ?? -1), output: await readFile(file, "utf8") })),
    };
  };
  const run = async (...command: readonly string[]): Promise<Ended> => (await start(...command)).ended;
  await run("wineboot", "--init");
  await run("reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f");
  const { output } = await run("cmd", "/c", "echo %LOCALAPPDATA%");
  const drive = join(environment.WINEPREFIX, "drive_c");
  const wine = {
    drive,
    localAppData: join(drive, output.trim().replace(/^C:\\/, "").replaceAll("\\", "/")),
    start,
    run,
    async registry(key: string, name: string): Promise<string | undefined> {
      const asked = await run("reg", "query", key, ...(name === "" ? ["/ve"] : ["/v", name]));
      return /REG_\w+ +(.*?)\r?\n/.exec(asked.output)?.[1];
    },
    async [Symbol.asyncDispose]() {
      const server = spawn("wineserver", ["--kill", "--wait"], { env, stdio: "ignore" });
      server.once("error", () => undefined);
      await once(server, "close").catch(() => undefined);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return wine;
}

/** Tell whether there is such a file. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
