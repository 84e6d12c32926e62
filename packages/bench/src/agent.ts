/** The desktop agent as its own process, and a page that hands it files for the server's SFTP door. */

import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Chromium } from "./chromium.ts";
import { daemon, output } from "./command.ts";
import type { Sample } from "./contest.ts";
import type { Gateway } from "./gateway.ts";
import { type Naru, password } from "./naru.ts";
import { openNaruPage } from "./naru-page.ts";
import { cpuSecondsOf, residentMiB } from "./process-use.ts";
import type { Room } from "./room.ts";

const program = new URL("../../agent/bin/naru-agent.js", import.meta.url).pathname;

/** A running agent. */
export interface Agent {
  readonly pid: number;
  /** Where pages reach it: another agent of this computer may have the usual one. */
  readonly port: number;
  /** What it holds. */
  readonly dir: string;
  /** Run a command of it; what it printed. */
  run(...words: readonly string[]): Promise<string>;
  /** End it as a cut of the power does. */
  kill(): Promise<void>;
}

/** Start an agent at the near end, with an empty data folder unless `dir` is one. */
export async function startAgent(
  room: Room,
  { dir: given }: { readonly dir?: string | undefined } = {},
): Promise<Agent> {
  const dir = given ?? (await mkdtemp(join(room.dir, "agent-")));
  const prefix = room.options.near;
  const command = (words: readonly string[]): readonly string[] => [process.execPath, program, ...words, "--data", dir];
  const ready = /naru-agent \d+ runs/;
  const started = await daemon(command(["start", "--headless", "--port", "0"]), ready, { prefix });
  room.keep(started);
  const pid = Number(/\d+/.exec(started.readyLine)?.[0]);
  const run = (...words: readonly string[]): Promise<string> => output(command(words), { prefix });
  // Printed by the agent of this repository.
  const { port } = JSON.parse(await run("status", "--json")) as { port: number };
  const kill = async (): Promise<void> => {
    const gone = once(started.child, "exit");
    started.child.kill("SIGKILL");
    await gone;
  };
  return { pid, port, dir, run, kill };
}

/** Have the agent send a file that is on its disk to the SFTP door, by its own clock. */
export async function agentSend(agent: Agent, gateway: Gateway, file: string): Promise<Sample> {
  return sent(agent, gateway.naru, await sendWords(gateway, file));
}

/** The same, straight to the store that the server signs for. */
export async function agentSendDirect(agent: Agent, naru: Naru, file: string): Promise<Sample> {
  return sent(agent, naru, ["send", file, "--to", naru.signedInOrigin]);
}

async function sent(agent: Agent, naru: Naru, words: readonly string[]): Promise<Sample> {
  return watched([agent, naru], async () => {
    await agent.run(...words, "--wait");
    const { created, ended = created } = await lastTransfer(agent);
    return { seconds: (ended - created) / 1000 };
  });
}

/** What the agent is told to send a file to the SFTP door, whose key is known. */
export async function sendWords({ sftp }: Gateway, file: string): Promise<readonly string[]> {
  const { host, port, user } = sftp;
  const scan = `ssh-keyscan -t ed25519 -p ${port} ${host} 2>/dev/null | ssh-keygen -lf -`;
  const key = /SHA256:\S+/.exec(await output(["bash", "-c", scan]))?.[0] ?? "";
  const to = `sftp://${user}:${encodeURIComponent(password)}@${host}:${port}/`;
  return ["send", file, "--to", to, "--host-key", key];
}

/** The transfer that the agent was given last. */
export async function lastTransfer(agent: Agent): Promise<{ state: string; created: number; ended?: number }> {
  const last = (await agent.run("list", "--json")).trim().split("\n").at(-1) ?? "";
  // Printed by the agent of this repository.
  return JSON.parse(last) as { state: string; created: number; ended?: number };
}

/** Where a page stands, and what its agent's element is asked. */
const element = `(function find(root) {
  for (const each of root.querySelectorAll("*")) {
    if (each.localName === "naru-agent") return each;
    const inside = each.shadowRoot && find(each.shadowRoot);
    if (inside) return inside;
  }
})(document)`;

/** A page that is signed in and whose agent is paired. */
async function openPageOnAgent(room: Room, { naru }: Gateway, agent: Agent): Promise<Chromium> {
  const browser = await openNaruPage(room, naru);
  try {
    await browser.permit("loopback-network", naru.origin);
    await browser.reloadWithoutPolicy();
    const ours = `new (${element}).agent.constructor({ origin: location.origin, ports: [${agent.port}] })`;
    // The panel is loaded after the first page.
    await browser.until(`(${element})?.agent`);
    await browser.evaluate(`globalThis.agent = ${ours}, true`);
    const presence = await browser.evaluate("agent.connect()");
    if (presence === "ready") return browser;
    if (presence !== "unpaired") throw new Error(`Cannot reach the agent from the page: it is ${String(presence)}`);
    await browser.evaluate("globalThis.pairing = agent.pair(), true");
    await browser.until("agent.view.code");
    await agent.run("pair", "allow", String(await browser.evaluate("agent.view.code")));
    await browser.evaluate("agent.confirm().then(() => pairing).then(() => true)");
    return browser;
  } catch (error) {
    await browser[Symbol.asyncDispose]();
    throw error;
  }
}

/** Hand a file over on the page, to the moment when the agent tells that it has arrived. */
export async function agentUpload(
  room: Room,
  { gateway, agent, file }: { readonly gateway: Gateway; readonly agent: Agent; readonly file: string },
): Promise<Sample> {
  await using browser = await openPageOnAgent(room, gateway, agent);
  await browser.evaluate(
    `globalThis.input = document.body.appendChild(Object.assign(document.createElement("input"), { type: "file" })), true`,
  );
  await browser.chooseFiles("input", [file]);
  // Awaited here: the browser is closed when this returns.
  return await watched([agent, browser, gateway.naru], async () => {
    await browser.evaluate(`(async () => {
      const [file] = input.files;
      const started = performance.now();
      const wish = { file: { path: file.name, size: file.size, conflict: "overwrite" }, route: "sftp" };
      const { id } = await agent.send(file, wish);
      agent.subscribe(({ transfers }) => {
        const { state, error } = transfers.find((one) => one.id === id) ?? {};
        if (state === "done") globalThis.agentTook ??= (performance.now() - started) / 1000;
        if (state === "failed") globalThis.agentFailed = error?.message ?? "failed";
      });
      return true;
    })()`);
    await browser.until("globalThis.agentTook ?? globalThis.agentFailed", { timeoutMs: 300_000 });
    const failed = await browser.evaluate("globalThis.agentFailed");
    if (failed !== undefined) throw new Error(`Cannot send with the agent: ${String(failed)}`);
    return { seconds: Number(await browser.evaluate("globalThis.agentTook")) };
  });
}

/** A process whose CPU time is told beside the agent's. */
interface Running {
  readonly pid: number;
}

/** What the agent used meanwhile, with the most memory that it had, and what the processes beside it used. */
async function watched(
  [agent, ...others]: readonly [Agent, ...Running[]],
  work: () => Promise<Sample>,
): Promise<Sample> {
  const { pid } = agent;
  const used = (): readonly number[] => [pid, ...others.map((other) => other.pid)].map(cpuSecondsOf);
  const before = used();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(pid));
  }, 50);
  try {
    const sample = await work();
    const [own = 0, ...rest] = used().map((seconds, index) => seconds - (before[index] ?? 0));
    const beside = rest.reduce((sum, seconds) => sum + seconds, 0);
    return { ...sample, cpuSeconds: own, notes: { "MiB of the agent": most, "CPU s beside": beside } };
  } finally {
    clearInterval(timer);
  }
}

/** The share of one core that an agent with nothing to do takes, in percent. */
export async function idleShare({ pid }: Agent, seconds: number): Promise<Sample> {
  const before = cpuSecondsOf(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const used = cpuSecondsOf(pid) - before;
  return { seconds, cpuSeconds: used, notes: { "% of a core": (used / seconds) * 100, "MiB idle": residentMiB(pid) } };
}
