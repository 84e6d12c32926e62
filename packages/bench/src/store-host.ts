/** The store as a third host: a network namespace behind the far end, which passes packets on between it and the near end. */

import { output } from "./command.ts";

export interface StoreHost extends AsyncDisposable {
  readonly address: string;
  /** Words before a command that make it run there. */
  readonly prefix: readonly string[];
}

interface StoreLine {
  readonly near: string;
  readonly far: string;
  /** Of the far end, on its line to the near end. */
  readonly farAddress: string;
  readonly mbit: number;
}

const network = "10.89.0.0/24";
const siteAddress = "10.89.0.1";
const address = "10.89.0.2";

/** Make the namespace, its line and the routes. */
export async function makeStoreHost({ near, far, farAddress, mbit }: StoreLine): Promise<StoreHost> {
  const name = `naru-store-${process.pid}`;
  await using made = new AsyncDisposableStack();
  await output(["ip", "netns", "add", name]);
  made.defer(() => output(["ip", "netns", "delete", name]).then(() => undefined));
  await output(["ip", "-n", name, "link", "set", "lo", "up"]);
  await output(["ip", "-n", far, "link", "add", "store", "type", "veth", "peer", "name", "site", "netns", name]);
  for (const [end, device, own] of [
    [far, "store", siteAddress],
    [name, "site", address],
  ] as const) {
    await output(["ip", "-n", end, "address", "add", `${own}/24`, "dev", device]);
    await output(["ip", "-n", end, "link", "set", device, "up"]);
    const shape = ["root", "tbf", "rate", `${mbit}mbit`, "burst", "128kb", "latency", "50ms"];
    await output(["tc", "-n", end, "qdisc", "add", "dev", device, ...shape]);
    const route = [network, "dev", device, "src", own, "congctl", "cubic"];
    await output(["ip", "-n", end, "route", "replace", ...route]);
  }
  await output(["ip", "netns", "exec", far, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
  await output(["ip", "-n", near, "route", "add", network, "via", farAddress, "congctl", "cubic"]);
  await output(["ip", "-n", name, "route", "add", "default", "via", siteAddress, "congctl", "cubic"]);
  const kept = made.move();
  const prefix = ["nsenter", `--net=/run/netns/${name}`];
  return { address, prefix, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
