/**
 * WebKitGTK's MiniBrowser, the nearest to Safari on Debian, spoken to over WebDriver (W3C) through WebKitWebDriver. Only what
 * tests of the agent need: go to a page, evaluate in it, choose files.
 */

import { needs } from "../peers/needs.ts";
import type { Display } from "./display.ts";
import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";

needs("WebKitWebDriver");

const miniBrowser = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** Start WebKit on a display; certificates of nobody are taken. */
export async function startWebKit(display: Display, home: string): Promise<WebKit> {
  const port = await freePort();
  const sandbox = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
  const env = { ...sandbox, DISPLAY: display.name, HOME: home, XDG_DATA_HOME: home, LIBGL_ALWAYS_SOFTWARE: "1" };
  const program = new Program("WebKitWebDriver", [`--port=${port}`], { env });
  try {
    return await WebKit.connect(program, `http://127.0.0.1:${port}`);
  } catch (error) {
    await program.kill("SIGKILL");
    throw error;
  }
}

export class WebKit implements AsyncDisposable {
  readonly #program: Program;
  readonly #session: string;

  private constructor(program: Program, session: string) {
    this.#program = program;
    this.#session = session;
  }

  static async connect(program: Program, driver: string): Promise<WebKit> {
    const options = { binary: miniBrowser, args: ["--automation"] };
    const alwaysMatch = { acceptInsecureCerts: true, "webkitgtk:browserOptions": options };
    await answers(`${driver}/status`, program);
    const { sessionId } = (await call(`${driver}/session`, { capabilities: { alwaysMatch } })) as { sessionId: string };
    return new WebKit(program, `${driver}/session/${sessionId}`);
  }

  async goto(url: string): Promise<void> {
    await call(`${this.#session}/url`, { url });
  }

  /** The value of an expression in the page; promises are awaited, what it gives is text. */
  async evaluate(expression: string): Promise<string | undefined> {
    const script = `const done = arguments[0]; Promise.resolve(${expression}).then((v) => done(v == null ? v : String(v)));`;
    const given = await call(`${this.#session}/execute/async`, { script, args: [] });
    return typeof given === "string" ? given : undefined;
  }

  /** Choose a file in the input that the expression names, as a person does. */
  async chooseFiles(input: string, file: string): Promise<void> {
    const element = await call(`${this.#session}/execute/sync`, { script: `return ${input}`, args: [] });
    const id = (element as Record<string, string>)[elementKey];
    await call(`${this.#session}/element/${id}/value`, { text: file });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.kill("SIGKILL");
  }
}

async function call(url: string, body: object): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`Cannot drive WebKit: ${JSON.stringify(value)}`);
  return value;
}

/** Nothing tells from outside when its port opens. */
async function answers(url: string, program: Program): Promise<void> {
  while (program.running) {
    const there = await fetch(url).catch(() => undefined);
    if (there?.ok) return;
  }
  throw new Error(`Cannot start WebKitWebDriver: ${program.output}`);
}
