/** Firefox and WebKit on a page of https: the way to the agent that each of them leaves. */

import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { openDisplay } from "../harness/display.ts";
import { startFirefox } from "../harness/firefox.ts";
import { type HttpsFront, httpsFront } from "../harness/https-front.ts";
import { admin, serveNaru } from "../harness/naru-server.ts";
import { Program } from "../harness/program.ts";
import { startWebKit } from "../harness/webkit.ts";
import { layWire, type Wire } from "../harness/wire.ts";

interface Browser {
  goto(url: string): Promise<void>;
  evaluate(expression: string): Promise<string | undefined>;
  chooseFiles(input: string, file: string): Promise<void>;
}

const agentProgram: string = new URL("../../packages/agent/bin/naru-agent.js", import.meta.url).pathname;
const name = "현장.bin";
const size = 60 * MiB;
const fileInput = "input[type=file][multiple]:not([webkitdirectory])";

let stack: AsyncDisposableStack;
let folder: string;
let line: Wire;
let front: HttpsFront;
let sha256: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), "naru-browsers-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(folder, "data"));
  const server = stack.use(await serveNaru({ dir: join(folder, "data"), store: `file:${join(folder, "files")}` }));
  line = stack.use(await layWire(server.origin));
  front = stack.use(await httpsFront(line.origin, { folder }));
  sha256 = await makeFile(join(folder, name), size);
});
afterEach(async () => {
  // One that `open` has started is nobody's child.
  await agent("quit").exited;
  await stack.disposeAsync();
});

/** The agent's command, which trusts the front as a PC trusts its company's servers. */
function agent(...args: readonly string[]): Program {
  const env = {
    NARU_AGENT_DATA: join(folder, "agent"),
    NODE_EXTRA_CA_CERTS: join(folder, "front.pem"),
    PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
    DISPLAY: "",
  };
  return stack.use(new Program(process.execPath, [agentProgram, ...args], { env }));
}

/** An element, in whatever component it is; after `naru-agent `, one of the agent's own. */
function deep(selector: string): string {
  const [host, inner] = selector.startsWith("naru-agent ")
    ? ["naru-agent", selector.slice("naru-agent ".length)]
    : [selector];
  const inside = "(e) => (e.shadowRoot ? (find(e.shadowRoot, s) ?? []) : [])";
  const find = `(root, s) => root.querySelector(s) ?? [...root.querySelectorAll("*")].flatMap(${inside})[0] ?? null`;
  const found = `find(document, ${JSON.stringify(host)})`;
  const wanted = inner === undefined ? found : `${found}?.shadowRoot.querySelector(${JSON.stringify(inner)})`;
  return `(() => { const find = ${find}; return ${wanted}; })()`;
}

async function attribute(browser: Browser, selector: string, named: string): Promise<string> {
  let value: string | undefined;
  const look = async (): Promise<boolean> => {
    value = await browser.evaluate(`${deep(selector)}?.getAttribute(${JSON.stringify(named)})`);
    return value !== undefined;
  };
  await expect.poll(look).toBe(true);
  return value ?? "";
}

async function click(browser: Browser, selector: string): Promise<void> {
  const press = `((e) => e && (e.click(), "pressed"))(${deep(selector)})`;
  const pressed = expect.poll(() => browser.evaluate(press)).toBe("pressed");
  await pressed.catch(async (error: unknown) => {
    throw new Error(`Cannot press ${selector}: the page shows ${await textOf(browser)}`, { cause: error });
  });
}

/** The text of the page, to say what was there instead. */
async function textOf(browser: Browser): Promise<string> {
  const parts = ["naru-sign-in", "naru-uploader", "naru-transfers", "naru-agent"];
  const text = parts.map((part) => `${deep(part)}?.shadowRoot?.textContent`).join(", ");
  return (await browser.evaluate(`JSON.stringify([${text}])`)) ?? "nothing";
}

function fill(browser: Browser, selector: string, text: string): Promise<string | undefined> {
  const event = "new Event('input', { bubbles: true, composed: true })";
  return browser.evaluate(
    `((e) => { e.value = ${JSON.stringify(text)}; e.dispatchEvent(${event}); })(${deep(selector)})`,
  );
}

/** Sign in, begin to send slowly, and want the agent. */
async function beginInPage(browser: Browser): Promise<void> {
  await browser.goto(front.origin);
  await expect.poll(() => browser.evaluate(`${deep("[name=user]")}?.isConnected`)).toBe("true");
  await fill(browser, "[name=user]", admin.user);
  await fill(browser, "[name=password]", admin.password);
  await browser.evaluate(`${deep("[name=password]")}.form.requestSubmit()`);
  await expect.poll(() => browser.evaluate(`${deep(fileInput)}?.isConnected`)).toBe("true");
  line.bytesPerSecond = MiB;
  await browser.chooseFiles(deep(fileInput), join(folder, name));
  await click(browser, "[data-action=agent]");
}

/** The file is there, whatever name was free beside what the page had begun. */
async function arrives(): Promise<void> {
  line.bytesPerSecond = Number.POSITIVE_INFINITY;
  const place = join(folder, "files");
  const sums = async (): Promise<readonly string[]> => {
    const names = await readdir(place).catch(() => []);
    const files = names.filter((one) => one.startsWith("현장"));
    const bytes = await Promise.all(files.map((one) => readFile(join(place, one)).catch(() => "")));
    return bytes.map((one) => createHash("sha256").update(one).digest("hex"));
  };
  await expect.poll(sums, { interval: 500 }).toContain(sha256);
}

test("Firefox lets a page of https hand a file to the agent, and the page has said why before", async () => {
  const running = agent("start", "--headless");
  await running.printed(/runs/);
  const firefox = stack.use(await startFirefox({ profile: join(folder, "firefox") }));
  await beginInPage(firefox);
  // Firefox has the permission but asks for fetch only; that it might ask is said before.
  await click(firefox, "naru-agent [data-action=go-on]");
  await click(firefox, "naru-agent [data-action=pair]");
  const codeShown = (): Promise<string | undefined> => firefox.evaluate(`${deep("naru-agent .code")}?.textContent`);
  await expect.poll(codeShown).toMatch(/\d{3}.*\d{3}/);
  await click(firefox, "naru-agent [data-action=confirm]");
  const waits = agent("pair");
  await waits.exited;
  const [, code = ""] = /waits\s+\S+\s+(\d{6})/.exec(waits.stdout) ?? [];
  expect(await agent("pair", "allow", code).exited).toBe(0);
  expect(await attribute(firefox, "naru-agent [data-agent-may-close=true]", "class")).toContain("free");
  await firefox.goto("about:blank");
  await arrives();
});

test("WebKit lets no page of https reach the agent: the page offers a link, and its code is typed into the page", async () => {
  const display = stack.use(await openDisplay());
  const webkit = stack.use(await startWebKit(display, join(folder, "webkit")));
  await personChooses(join(folder, name));
  await beginInPage(webkit);
  expect(await attribute(webkit, "naru-agent section", "data-presence")).toBe("blocked");
  const link = await attribute(webkit, "naru-agent [data-action=agent-first]", "href");
  const opening = agent("open", link);
  const [, code = ""] = await opening.printed(/: (\d{3}-\d{3})/);
  await fill(webkit, "naru-agent [name=code]", code);
  await click(webkit, "naru-agent [data-action=type-code]");
  await expect.poll(() => webkit.evaluate(`${deep("naru-agent p[role=status]")}?.isConnected`)).toBe("true");
  expect(await agent("pair", "allow", code).exited).toBe(0);
  expect(await opening.exited, opening.output).toBe(0);
  await webkit.goto("about:blank");
  await arrives();
});

/** A script stands where the person at the system's dialog is. */
async function personChooses(file: string): Promise<void> {
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "zenity"), `#!/bin/sh\nprintf '%s' '${file}'\n`);
  await chmod(join(folder, "bin", "zenity"), 0o755);
}
