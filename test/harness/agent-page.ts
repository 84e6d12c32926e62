/** The console page beside an agent: permitted, paired, and told to send through the server's SFTP door. */

import type { Page } from "playwright-core";
import type { AgentProgram } from "./agent-program.ts";
import type { Chromium } from "./chromium.ts";
import { ConsolePage } from "./console-page.ts";

/** `<naru-agent>` as scripts see it. */
interface AgentElement extends HTMLElement {
  agent: {
    readonly constructor: unknown;
    readonly view: { readonly presence: string; readonly code?: string };
    connect(): Promise<string>;
    pair(): Promise<void>;
    confirm(): Promise<void>;
    send(file: unknown, wish: object): Promise<unknown>;
    subscribe(listener: (view: { readonly code?: string }) => void): () => void;
  };
}

/** Open the console, answer the browser's question, and pair unless that was done before. */
export async function openOnAgent(
  chromium: Chromium,
  { origin, agent }: { readonly origin: string; readonly agent: AgentProgram },
): Promise<Page> {
  const page = await chromium.newPage();
  const session = await page.context().newCDPSession(page);
  const permission = { name: "loopback-network" };
  await session.send("Browser.setPermission", { permission, setting: "granted", origin } as never);
  // The page's policy knows the usual ports only; another agent of this computer may have them.
  await session.send("Page.setBypassCSP", { enabled: true });
  await ConsolePage.open(page, origin);
  const element = page.locator("naru-agent");
  await element.waitFor({ state: "attached" });
  // It stands in the page before the code that makes an element of it has loaded.
  await page.waitForFunction(
    (found) => found !== null && "agent" in found && found.agent !== undefined,
    await element.elementHandle(),
  );
  const presence = await element.evaluate(
    (found, port) => {
      const { agent } = found as AgentElement;
      const Agent = agent.constructor as new (options: object) => AgentElement["agent"];
      (found as AgentElement).agent = new Agent({ origin: location.origin, ports: [port] });
      return (found as AgentElement).agent.connect();
    },
    await agent.port(),
  );
  if (presence === "ready") return page;
  if (presence !== "unpaired") throw new Error(`Cannot reach the agent from the page: it is ${presence}`);
  const code = await element.evaluate((found) => {
    const { agent } = found as AgentElement;
    return new Promise<string>((resolve, reject) => {
      agent.subscribe((view) => view.code !== undefined && resolve(view.code));
      agent.pair().catch(reject);
    });
  });
  await agent.run("pair", "allow", code);
  await element.evaluate(async (found) => {
    const { agent } = found as AgentElement;
    await agent.confirm();
    await new Promise<void>((resolve) => {
      agent.subscribe((view) => (view as { presence?: string }).presence === "ready" && resolve());
    });
  });
  return page;
}

/** Hand a file to the agent with a ticket that names the SFTP door. */
export async function sendByGateway(
  page: Page,
  { file, path }: { readonly file: string; readonly path: string },
): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const made = document.createElement("input");
    made.type = "file";
    return document.body.appendChild(made);
  });
  await input.asElement()?.setInputFiles(file);
  await page.locator("naru-agent").evaluate(
    async (found, { chosen, path }) => {
      const [given] = chosen.files ?? [];
      if (given === undefined) throw new Error("Cannot send: no file was chosen");
      const modified = new Date(given.lastModified).toISOString();
      const wish = { file: { path, size: given.size, modified, conflict: "rename" }, route: "sftp" };
      await (found as AgentElement).agent.send(given, wish);
    },
    { chosen: input as never as HTMLInputElement, path },
  );
}
