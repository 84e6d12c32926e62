/**
 * A real S3 server on this machine: one Ceph monitor, one OSD that keeps everything in memory, one RADOS gateway.
 * Needs ceph-mon, ceph-osd, radosgw and ceph-common (`install.ts`); ready in about 15 s. Everything lives in one folder.
 */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

export interface CephOptions {
  /** A folder of its own; what is in it is removed. */
  readonly dir: string;
  /** Where S3 is spoken; a free port by default. */
  readonly port?: number | undefined;
  /** How much it can hold, in memory. */
  readonly bytes?: number | undefined;
  readonly address?: string | undefined;
}

export interface Ceph {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** End it; returns when its processes are gone. */
  stop(): Promise<void>;
}

interface Layout {
  readonly dir: string;
  readonly conf: string;
  readonly keyring: string;
  readonly address: string;
  readonly s3Port: number;
  readonly monPorts: readonly [number, number];
}

const run = promisify(execFile);
const GiB = 1024 ** 3;
const readyWithinMs = 120_000;

/** Start a Ceph with one user, who may make buckets. */
export async function startCeph(options: CephOptions): Promise<Ceph> {
  const { bytes = 12 * GiB, address = "127.0.0.1" } = options;
  const dir = resolve(options.dir);
  const [mon1, mon2, free] = await freePorts(3, address);
  const s3Port = options.port ?? free;
  const layout: Layout = {
    dir,
    conf: join(dir, "ceph.conf"),
    keyring: join(dir, "keyring"),
    address,
    s3Port,
    monPorts: [mon1, mon2],
  };
  await rm(dir, { recursive: true, force: true });
  await Promise.all(["mon", "osd", "rgw", "log"].map((name) => mkdir(join(dir, name), { recursive: true })));
  await writeFile(layout.conf, configuration(layout, bytes, randomUUID()));
  const daemons = new Daemons(join(dir, "log"));
  try {
    await makeKeys(layout);
    await startMonitor(layout, daemons);
    await startOsd(layout, daemons);
    const keys = await startGateway(layout, daemons);
    return { endpoint: `http://${address}:${s3Port}`, ...keys, stop: () => daemons.stop() };
  } catch (error) {
    await daemons.stop();
    throw error;
  }
}

function configuration({ dir, keyring, address, s3Port, monPorts }: Layout, bytes: number, fsid: string): string {
  const [v2, v1] = monPorts;
  return `[global]
fsid = ${fsid}
mon host = [v2:${address}:${v2},v1:${address}:${v1}]
public addr = ${address}
cluster addr = ${address}
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = ${keyring}
run dir = ${dir}
log file = ${dir}/log/$name.log
admin socket = ${dir}/$name.asok
pid file = ${dir}/$name.pid
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
[mon.a]
mon data = ${dir}/mon
[osd.0]
osd data = ${dir}/osd
osd objectstore = memstore
memstore device bytes = ${bytes}
[client.rgw]
rgw data = ${dir}/rgw
# What is removed must leave the memory soon, not after two hours.
rgw gc obj min wait = 1
rgw gc processor period = 5
rgw frontends = beast endpoint=${address}:${s3Port}
`;
}

async function makeKeys({ keyring }: Layout): Promise<void> {
  const owners: readonly [string, Readonly<Record<string, string>>][] = [
    ["mon.", { mon: "allow *" }],
    ["client.admin", { mon: "allow *", osd: "allow *", mgr: "allow *" }],
    ["osd.0", { mon: "allow profile osd", osd: "allow *" }],
    ["client.rgw", { mon: "allow rw", osd: "allow rwx" }],
  ];
  for (const [index, [name, caps]] of owners.entries()) {
    const rights = Object.entries(caps).flatMap(([daemon, right]) => ["--cap", daemon, right]);
    const create = index === 0 ? ["--create-keyring"] : [];
    await run("ceph-authtool", [...create, keyring, "--gen-key", "-n", name, ...rights]);
  }
}

async function startMonitor({ dir, conf, keyring, address, monPorts }: Layout, daemons: Daemons): Promise<void> {
  const map = join(dir, "monmap");
  const [v2, v1] = monPorts;
  const { stdout } = await run("ceph-conf", ["-c", conf, "--lookup", "fsid"]);
  const where = `[v2:${address}:${v2},v1:${address}:${v1}]`;
  await run("monmaptool", ["--create", "--addv", "a", where, "--fsid", stdout.trim(), map]);
  await run("ceph-mon", ["-c", conf, "--mkfs", "-i", "a", "--monmap", map, "--keyring", keyring]);
  await daemons.start("ceph-mon", ["-c", conf, "-i", "a", "-f"]);
}

async function startOsd({ conf }: Layout, daemons: Daemons): Promise<void> {
  const ceph = (...args: string[]) => run("ceph", ["-c", conf, "--connect-timeout", "10", ...args]);
  await until("the monitor answers", daemons, () => ceph("osd", "create"));
  await run("ceph-osd", ["-c", conf, "-i", "0", "--mkfs"]);
  await daemons.start("ceph-osd", ["-c", conf, "-i", "0", "-f"]);
  await until("the OSD is up", daemons, async () => {
    const { stdout } = await ceph("osd", "stat");
    if (!stdout.includes("1 up")) throw new Error(stdout);
  });
}

async function startGateway(layout: Layout, daemons: Daemons): Promise<Pick<Ceph, "accessKey" | "secretKey">> {
  const { conf, address, s3Port } = layout;
  const rgw = ["-c", conf, "-n", "client.rgw"];
  await daemons.start("radosgw", [...rgw, "-f"]);
  await until("the gateway answers", daemons, () => fetch(`http://${address}:${s3Port}/`));
  const accessKey = `test${randomBytes(8).toString("hex")}`;
  const secretKey = randomBytes(20).toString("hex");
  const user = ["user", "create", "--uid=test", "--display-name=test"];
  await run("radosgw-admin", [...rgw, ...user, `--access-key=${accessKey}`, `--secret=${secretKey}`]);
  return { accessKey, secretKey };
}

/** Daemons in the foreground, children of this process, so that each can be ended and awaited. */
class Daemons {
  readonly #logs: string;
  readonly #children: { readonly name: string; readonly child: ChildProcess }[] = [];

  /** A run that ends in the middle leaves no server behind. */
  readonly #killAll = () => {
    for (const { child } of this.#children) child.kill("SIGKILL");
  };

  constructor(logs: string) {
    this.#logs = logs;
    process.once("exit", this.#killAll);
  }

  async start(name: string, args: readonly string[]): Promise<void> {
    await using output = await open(join(this.#logs, `${name}.out`), "w");
    const child = spawn(name, args, { stdio: ["ignore", output.fd, output.fd] });
    await new Promise<void>((started, failed) => {
      child.once("spawn", started);
      child.once("error", failed);
    });
    this.#children.push({ name, child });
  }

  /** The name of one that ended by itself. */
  get fallen(): string | undefined {
    return this.#children.find(({ child }) => hasEnded(child))?.name;
  }

  async stop(): Promise<void> {
    // The gateway first: without the others it would wait for them.
    for (const { child } of this.#children.splice(0).reverse()) await end(child);
    process.off("exit", this.#killAll);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  // Memory is all they hold, so nothing is lost by not waiting for a tidy end.
  const impatience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(impatience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function until(what: string, daemons: Daemons, attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (cause) {
      if (daemons.fallen !== undefined) throw new Error(`Cannot start Ceph: ${daemons.fallen} ended`, { cause });
      if (Date.now() > deadline) throw new Error(`Cannot start Ceph: waited in vain until ${what}`, { cause });
      await wait(250);
    }
  }
}

async function freePorts(count: 3, address: string): Promise<[number, number, number]>;
async function freePorts(count: number, address: string): Promise<number[]> {
  // All are held at once, so that no two are the same.
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, address, () => {
          const bound = server.address();
          resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
        });
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return found;
}
