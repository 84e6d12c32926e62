/**
 * A line between two hosts that are network namespaces of this machine: `near` sends, `far` has the server and the
 * store. Needs root. The senders use CUBIC, as desktops do, whatever the kernel's default.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, daemon, output } from "./command.ts";
import { makeStoreHost, type StoreHost } from "./store-host.ts";

export interface LinkSpec {
  readonly mbit: number;
  /** One way. 0 makes a plain veth pair shaped by `tbf`; more needs our emulator, `link/link.c`. */
  readonly delayMs: number;
  readonly lossPercent: number;
  /** Use the emulator even without delay, because the line will be cut. */
  readonly emulate?: boolean | undefined;
  /** The queue, and what a sender may have in flight, are as large as the line can hold: nothing but delay. */
  readonly deep?: boolean | undefined;
  /** The store is a host of its own behind the site's, on a line of so many Mbit/s; clients reach it through the site. */
  readonly storeMbit?: number | undefined;
}

export interface Link extends AsyncDisposable {
  readonly near: string;
  readonly far: string;
  /** The emulator's process: SIGUSR1 cuts the line, SIGUSR2 mends it. */
  readonly pid: number | undefined;
  /** Where the store is, if not at the far end. */
  readonly store: StoreHost | undefined;
}

export const farAddress: string = "10.88.0.2";
/** A second name of the far host, so that a browser sees two origins there. */
export const secondFarAddress: string = "10.88.0.3";
const nearAddress = "10.88.0.1";
const queueKib = 1024;
const deepKib = 64 * 1024;

/** Make both namespaces and the line between them; disposing of it removes everything. */
export async function makeLink(spec: LinkSpec): Promise<Link> {
  const near = `naru-near-${process.pid}`;
  const far = `naru-far-${process.pid}`;
  await using made = new AsyncDisposableStack();
  for (const name of [near, far]) {
    await output(["ip", "netns", "add", name]);
    made.defer(() => output(["ip", "netns", "delete", name]).then(() => undefined));
    await output(["ip", "-n", name, "link", "set", "lo", "up"]);
  }
  const emulator =
    spec.delayMs > 0 || spec.emulate === true ? made.use(await emulated(near, far, spec, made)) : undefined;
  if (emulator === undefined) await plain(near, far, spec.mbit);
  await output(["ip", "-n", far, "address", "add", `${secondFarAddress}/24`, "dev", "line"]);
  if (spec.deep === true) {
    const buffers = `echo 4096 131072 ${deepKib * 1024}`;
    const widen = `${buffers} > /proc/sys/net/ipv4/tcp_wmem; ${buffers} > /proc/sys/net/ipv4/tcp_rmem`;
    for (const name of [near, far]) await output(["ip", "netns", "exec", name, "sh", "-c", widen]);
  }
  for (const name of [near, far]) {
    const address = name === near ? nearAddress : farAddress;
    const route = ["10.88.0.0/24", "dev", "line", "src", address, "congctl", "cubic"];
    await output(["ip", "-n", name, "route", "replace", ...route]);
  }
  const { storeMbit: mbit } = spec;
  const store = mbit === undefined ? undefined : made.use(await makeStoreHost({ near, far, farAddress, mbit }));
  const kept = made.move();
  return { near, far, store, pid: emulator?.pid, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function plain(near: string, far: string, mbit: number): Promise<void> {
  await output(["ip", "-n", near, "link", "add", "line", "type", "veth", "peer", "name", "line", "netns", far]);
  for (const [name, address] of [
    [near, nearAddress],
    [far, farAddress],
  ] as const) {
    await output(["ip", "-n", name, "address", "add", `${address}/24`, "dev", "line"]);
    await output(["ip", "-n", name, "link", "set", "line", "up"]);
    const shape = ["root", "tbf", "rate", `${mbit}mbit`, "burst", "128kb", "latency", "50ms"];
    await output(["tc", "-n", name, "qdisc", "add", "dev", "line", ...shape]);
  }
}

async function emulated(near: string, far: string, spec: LinkSpec, made: AsyncDisposableStack): Promise<Daemon> {
  const dir = await mkdtemp(join(tmpdir(), "naru-link-"));
  made.defer(() => rm(dir, { recursive: true, force: true }));
  const program = join(dir, "link");
  await output(["cc", "-O2", "-o", program, new URL("../link/link.c", import.meta.url).pathname]);
  const line = [spec.mbit, spec.delayMs, spec.lossPercent, spec.deep === true ? deepKib : queueKib].map(String);
  return daemon([program, near, `${nearAddress}/24`, far, `${farAddress}/24`, ...line], /^ready/);
}
