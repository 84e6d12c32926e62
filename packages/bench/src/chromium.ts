/**
 * A real Chromium, driven by the DevTools protocol over its pipe (`--remote-debugging-pipe`: JSON, each message ended
 * by a NUL). The Network domain stays off: with it on, Chromium copies every request body to the debugger and the
 * figures are of the debugger.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { cpuSecondsOf } from "./process-use.ts";

export interface ChromiumOptions {
  /** Runs it elsewhere, e.g. `ip netns exec NAME`. */
  readonly prefix?: readonly string[] | undefined;
  /** A profile that stays; by default a fresh one that goes with the browser. */
  readonly profile?: string | undefined;
}

interface Message {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** One browser with one page. */
export class Chromium implements AsyncDisposable {
  readonly #process: ChildProcess;
  /** What goes with it. */
  readonly #ownProfile: string | undefined;
  readonly #pending = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  readonly #input: Writable;
  #lastId = 0;
  #session: string | undefined;

  private constructor(process: ChildProcess, ownProfile: string | undefined) {
    this.#process = process;
    this.#ownProfile = ownProfile;
    // stdio of spawn() below: 3 and 4 are pipes.
    this.#input = process.stdio[3] as Writable;
    this.#listen(process.stdio[4] as Readable);
  }

  /**
   * Start it on an empty page. `trusted` is an http: origin that it treats as if it came over TLS, since a page of another
   * host gets no locks or file handles otherwise.
   */
  static async start(trusted: string, { prefix = [], profile }: ChromiumOptions = {}): Promise<Chromium> {
    const ownProfile = profile === undefined ? await mkdtemp(join(tmpdir(), "naru-chromium-")) : undefined;
    const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run"];
    const quiet = [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-dev-shm-usage",
      "--disable-sync",
    ];
    const [file = "", ...args] = [
      ...prefix,
      "chromium",
      ...flags,
      ...quiet,
      `--unsafely-treat-insecure-origin-as-secure=${trusted}`,
      `--user-data-dir=${profile ?? ownProfile}`,
    ];
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const browser = new Chromium(child, ownProfile);
    const { targetId } = await browser.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await browser.#send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = String(sessionId);
    return browser;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** CPU seconds that all its processes have used so far. */
  get cpuSeconds(): number {
    return cpuSecondsOf(this.pid);
  }

  /** End it as a cut of the power does. */
  async kill(): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async open(url: string): Promise<void> {
    const { errorText } = await this.#send("Page.navigate", { url });
    if (errorText !== undefined) throw new Error(`Cannot open "${url}": ${String(errorText)}`);
    await this.until(`document.readyState === "complete" && location.href !== "about:blank"`);
  }

  /** Run JavaScript in the page, wait for its promise, hand back its JSON value. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(`Cannot run in the page: ${JSON.stringify(exceptionDetails).slice(0, 600)}`);
    return (result as { value?: unknown } | undefined)?.value;
  }

  /** Wait until an expression is true in the page, looking every 50 ms. */
  async until(expression: string, { timeoutMs = 30_000 }: { timeoutMs?: number } = {}): Promise<void> {
    const end = performance.now() + timeoutMs;
    while ((await this.evaluate(`Boolean(${expression})`).catch(() => false)) !== true) {
      if (performance.now() > end)
        throw new Error(`Cannot wait for "${expression.slice(0, 120)}": not so in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Click what `expression` finds, as a person does; a dialog for files that this opens is not shown. */
  async click(expression: string): Promise<void> {
    await this.#send("Page.setInterceptFileChooserDialog", { enabled: true });
    await this.#send("Runtime.evaluate", { expression: `(${expression}).click()`, userGesture: true });
  }

  /** Put files into the `<input type=file>` that `expression` finds. */
  async chooseFiles(expression: string, files: readonly string[]): Promise<void> {
    const { result } = await this.#send("Runtime.evaluate", { expression });
    const objectId = (result as { objectId?: string } | undefined)?.objectId;
    if (objectId === undefined) throw new Error(`Cannot choose files: "${expression.slice(0, 120)}" finds no input`);
    await this.#send("DOM.setFileInputFiles", { files, objectId });
  }

  /** Answer the question about a permission before the browser asks it. */
  async permit(name: string, origin: string): Promise<void> {
    await this.#send("Browser.setPermission", { permission: { name }, setting: "granted", origin }, { browser: true });
  }

  /** Save downloads in this folder; without one none is saved. */
  async saveIn(downloadPath: string | undefined): Promise<void> {
    const how = downloadPath === undefined ? { behavior: "deny" } : { behavior: "allow", downloadPath };
    await this.#send("Browser.setDownloadBehavior", how, { browser: true });
  }

  /** Load the page again without its Content-Security-Policy, e.g. for an agent at another port than its policy names. */
  async reloadWithoutPolicy(): Promise<void> {
    await this.#send("Page.setBypassCSP", { enabled: true });
    await this.open(String(await this.evaluate("location.href")));
  }

  /** Empty the cache, and run `script` in every page from now on, before its own. */
  async forgetPages(script: string): Promise<void> {
    await this.#send("Network.clearBrowserCache", {});
    await this.#send("Page.enable", {});
    await this.#send("Page.addScriptToEvaluateOnNewDocument", { source: script });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = once(this.#process, "exit");
      void this.#send("Browser.close", {}, { browser: true }).catch(() => undefined);
      const hard = setTimeout(() => this.#process.kill("SIGKILL"), 5_000);
      await gone;
      clearTimeout(hard);
    }
    if (this.#ownProfile !== undefined) await rm(this.#ownProfile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(
    method: string,
    params: Record<string, unknown>,
    { browser = false }: { browser?: boolean } = {},
  ): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#pending.set(id, answer);
    const sessionId = browser ? undefined : this.#session;
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer.promise;
  }

  #listen(output: Readable): void {
    let rest = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop() ?? "";
      // The browser we started ourselves speaks the protocol.
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
    output.once("close", () => {
      for (const { reject } of this.#pending.values()) reject(new Error("Cannot reach the browser: it ended"));
      this.#pending.clear();
    });
  }

  #receive({ id, result, error }: Message): void {
    if (id === undefined) return;
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) waiting?.resolve(result ?? {});
    else waiting?.reject(new Error(`Cannot drive the browser: ${error.message}`));
  }
}
