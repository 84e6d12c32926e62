/** `npm run peers`: see that the programs which the tests run against real things are there; as root, install them. */

import { spawn } from "node:child_process";
import { access } from "node:fs/promises";
import { missingPrograms, packagesOf } from "./programs.ts";

/** Packages whose installation starts a service, and its name. Tests start the programs themselves, on ports of their own. */
const services: Readonly<Record<string, string>> = {
  nginx: "nginx",
  haproxy: "haproxy",
  vsftpd: "vsftpd",
  "openssh-server": "ssh",
};

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
  const before = missingPrograms();
  if (before.length === 0) return 0;
  const names = packagesOf(before);
  if (process.getuid?.() === 0) {
    await install(names).catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  }
  const still = missingPrograms();
  if (still.length === 0) return 0;
  console.error(`Missing programs: ${still.join(", ")}. The tests that need them are left out.`);
  console.error(`On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names.join(" ")}`);
  const { CI: ci } = process.env;
  return ci === "true" ? 1 : 0;
}

process.exitCode = await main();
