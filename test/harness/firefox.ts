/**
 * Debian's Firefox as its own process, spoken to over WebDriver BiDi (W3C): Playwright drives only its own build. Only what
 * tests of the agent need: go to a page, evaluate in it, choose files.
 */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { needs } from "../peers/needs.ts";
import { Program } from "./program.ts";

needs("firefox-esr");

export interface FirefoxOptions {
  /** An empty folder for the profile. */
  readonly profile: string;
  readonly prefs?: Readonly<Record<string, boolean | string | number>>;
}

interface Answer {
  readonly id: number | null;
  readonly type: "success" | "error" | "event";
  readonly result?: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Start Firefox without a window. */
export async function startFirefox({ profile, prefs = {} }: FirefoxOptions): Promise<Firefox> {
  await mkdir(profile, { recursive: true });
  const lines = Object.entries(prefs).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  await writeFile(join(profile, "user.js"), lines.join(""));
  const args = ["--headless", "--remote-debugging-port=0", "--no-remote", "--profile", profile, "about:blank"];
  const env = { HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: "1" };
  const program = new Program("firefox-esr", args, { env });
  try {
    const [, url = ""] = await program.printed(/WebDriver BiDi listening on (ws:\S+)/);
    return await Firefox.connect(program, `${url}/session`);
  } catch (error) {
    await program.kill("SIGKILL");
    throw error;
  }
}

export class Firefox implements AsyncDisposable {
  readonly #program: Program;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;
  #context = "";

  private constructor(program: Program, socket: WebSocket) {
    this.#program = program;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== null) this.#waiting.get(answer.id)?.(answer);
    });
  }

  static async connect(program: Program, url: string): Promise<Firefox> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const firefox = new Firefox(program, socket);
    await firefox.#call("session.new", { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
    const { contexts } = await firefox.#call("browsingContext.getTree", {});
    firefox.#context = (contexts as { context: string }[])[0]?.context ?? "";
    return firefox;
  }

  async goto(url: string): Promise<void> {
    await this.#call("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  /** The value of an expression in the page; promises are awaited, what it gives is text. */
  async evaluate(expression: string): Promise<string | undefined> {
    const given = await this.#evaluate(
      `(async () => { const v = await (${expression}); return v == null ? v : String(v); })()`,
    );
    return typeof given["value"] === "string" ? given["value"] : undefined;
  }

  /** Choose files in the input that the expression names, as a person does. */
  async chooseFiles(input: string, ...files: string[]): Promise<void> {
    const { sharedId } = await this.#evaluate(input);
    await this.#call("input.setFiles", { context: this.#context, element: { sharedId }, files });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#program.kill("SIGKILL");
  }

  async #evaluate(expression: string): Promise<Readonly<Record<string, unknown>>> {
    const target = { context: this.#context };
    const evaluated = await this.#call("script.evaluate", { expression, target, awaitPromise: true });
    if (evaluated["type"] !== "success") throw new Error(JSON.stringify(evaluated["exceptionDetails"]));
    return evaluated["result"] as Record<string, unknown>;
  }

  async #call(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    this.#last += 1;
    const id = this.#last;
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
    this.#waiting.delete(id);
    if (answer.type !== "success") throw new Error(`Cannot do "${method}" in Firefox: ${answer.message}`);
    return answer.result ?? {};
  }
}
