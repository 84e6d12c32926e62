/** `naru serve`: the server over its stores, until a signal ends it. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer, type NaruServer } from "@naru/server";
import { doorOptions } from "./doors.ts";
import { UsageError } from "./exit-code.ts";
import { frontOptions } from "./front.ts";

import { checkConfig } from "./settings/check-config.ts";
import { effectiveSettings, type GivenCommand } from "./settings/effective-settings.ts";
import { openMounts, setCors } from "./settings/open-mounts.ts";
import { rememberIn } from "./stores/recognised-stores.ts";

/** Serve until SIGTERM or SIGINT; then let requests in flight end. */
export async function serve(given: GivenCommand): Promise<void> {
  const settings = await effectiveSettings(given);
  for (const notice of settings.notices) console.error(`naru: ${notice}`);
  const { command, mounts } = settings;
  const { host, port, adminPassword } = command;
  const front = frontOptions(command);
  const dataDir = resolve(command.data);
  const doors = await doorOptions(command, dataDir);
  if (command.checkConfig) return checkConfig(settings, given.env);
  const isServing = command.setCors === undefined;
  const [root, ...others] = await openMounts(mounts, given.env, {
    ...(isServing && { recognised: rememberIn(join(dataDir, "recognised-stores.json")) }),
    note: (text) => console.error(`naru: ${text}`),
  });
  // The plan begins with the store at "/".
  if (root === undefined) throw new UsageError('Cannot serve: no store is at "/"');
  const stores = [root, ...others];
  if (command.setCors !== undefined) return setCors(stores, command.setCors);
  const server = await createServer({
    store: root.store,
    binDays: root.binDays,
    mounts: others,
    dataDir,
    adminPassword,
    http: {
      ...front,
      host,
      port,
      publicDir: builtPage(),
      downloadsDir: builtAgent(),
      agentRoute: command.agentRoute,
      bothRoutes: command.oneRoute !== true,
      shares: { maxDays: command.shareDays ?? 90, addresses: command.shareAddresses ?? "short" },
    },
    ...doors,
  });
  await server.listen();
  const origin = front.origins[0] ?? readable(server.origin);
  console.log(notice(origin, { given: adminPassword !== undefined, server }));
  await stopAsked();
  console.error("naru: Stopping when requests in flight have finished");
  await server.close();
  await Promise.all(stores.map(({ store }) => store.close?.()));
}

/** Where the console lies: in the server's package, seen from sources or from what is built of them. */
function builtPage(): string | undefined {
  const folders = ["../../server/public", "../../../server/public"];
  return folders
    .map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
    .find((folder) => existsSync(join(folder, "index.html")));
}

/** Where `npm run build:agent` puts installers, seen from sources or from what is built of them. */
function builtAgent(): string | undefined {
  return ["../../../dist/agent", "../../../../dist/agent"]
    .map((folder) => fileURLToPath(new URL(folder, import.meta.url)))
    .find((folder) => existsSync(folder));
}

function readable(bound: string): string {
  const url = new URL(bound);
  if (["127.0.0.1", "[::1]", "0.0.0.0", "[::]"].includes(url.hostname)) url.hostname = "localhost";
  return url.origin;
}

interface Started {
  readonly server: NaruServer;
  /** Whether the password of admin was given, so that it need not be shown. */
  readonly given: boolean;
}

function notice(origin: string, { server, given }: Started): string {
  const lines = [`Naru is at  ${origin}`];
  for (const { kind, port, hostKeys = [] } of server.doors) {
    if (kind === "http") continue;
    lines.push(
      `${kind.padEnd(10)}  port ${port}${kind === "ftp" ? ", in the clear: passwords can be read on the way" : ""}`,
    );
    for (const { algorithm, fingerprint } of hostKeys) lines.push(`            ${algorithm} ${fingerprint}`);
  }
  const admin = server.firstStart;
  if (admin) {
    lines.push("", "user        admin", `password    ${admin.password ?? (given ? "(as given)" : "")}`);
    lines.push("", "sign in once, within an hour:", `${origin}${admin.link}`);
  }
  const width = Math.max(...lines.map((line) => line.length)) + 4;
  const edge = "─".repeat(width);
  return [`┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width - 2)}│`), `└${edge}┘`].join("\n");
}

function stopAsked(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
}
