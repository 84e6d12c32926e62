/** The console page, as a person uses it: sign in, drop files, look at rows, press their buttons. */

import type { Locator, Page } from "playwright-core";
import type { Display } from "./display.ts";
import { admin } from "./naru-server.ts";

export type RowAction = "pause" | "resume" | "cancel" | "retry" | "choose";

/** On the screen: the first button of Chromium's question about files of the last visit. */
const allowThisTime = { x: 280, y: 292 };
export class ConsolePage {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  /** Open the page and sign in, unless the profile is signed in already. */
  static async open(page: Page, origin: string, password: string = admin.password): Promise<ConsolePage> {
    const console = new ConsolePage(page);
    await page.goto(origin);
    const field = page.locator("[name=user]");
    await field.or(console.fileInput).first().waitFor({ state: "attached" });
    if ((await field.count()) > 0) await console.signIn(admin.user, password);
    await console.fileInput.waitFor({ state: "attached" });
    return console;
  }

  /** Open the page without signing in. */
  static async look(page: Page, origin: string): Promise<ConsolePage> {
    await page.goto(origin);
    return new ConsolePage(page);
  }

  async signIn(user: string = admin.user, password: string = admin.password): Promise<void> {
    await this.page.locator("[name=user]").fill(user);
    await this.page.locator("[name=password]").fill(password);
    await this.page.locator("[name=password]").press("Enter");
  }

  /** Go to another folder, "" or "a/b/", and wait until the page shows it. */
  async openFolder(folder: string): Promise<void> {
    const listed = this.page.waitForResponse(
      (response) => new URL(response.url()).searchParams.get("folder") === folder,
    );
    await this.page.evaluate((folder) => {
      location.hash = `#/${folder}`;
    }, folder);
    await listed;
    await this.page.locator("naru-files [aria-busy]").waitFor({ state: "detached" });
  }

  /** What the element with the focus does, by its `data-action`, else its id. */
  whereFocusIs(): Promise<string | undefined> {
    return this.page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.getAttribute("data-action") ?? at?.id;
    });
  }

  get fileInput(): Locator {
    return this.page.locator("input[type=file][multiple]:not([webkitdirectory])").first();
  }

  /** Choose files in the input: without handles, as browsers without file access give them. */
  async chooseFiles(...paths: string[]): Promise<void> {
    await this.fileInput.setInputFiles(paths);
  }

  /**
   * Drop files from the desktop: a real drop, with handles. The browser lets go of them elsewhere when the page's word
   * that it takes them comes late, as for a hand that is too quick; then they are dropped again.
   */
  async dropFiles(...files: string[]): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files, dragOperationsMask: 1 };
    const { width, height } = await this.page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    for (let tries = 0; tries < 10; tries += 1) {
      const dropped = await this.page.evaluateHandle(() => {
        const heard = new Promise((done) => window.addEventListener("drop", () => done(true), { once: true }));
        return { within: (ms: number) => Promise.race([heard, new Promise((done) => setTimeout(done, ms, false))]) };
      });
      for (const type of ["dragEnter", "dragOver", "dragOver", "drop"] as const) {
        await session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
        await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done(undefined))));
      }
      if (await dropped.evaluate(({ within }) => within(2000))) return session.detach();
      await session.send("Input.dispatchDragEvent", { type: "dragCancel", x: 0, y: 0, data });
    }
    throw new Error(`Cannot drop ${files.join(", ")}: the page hears no drop`);
  }

  /** Press the button of a file in the list that downloads it. */
  async download(path: string): Promise<void> {
    // Shown only where there is room, or the pointer.
    await this.page.locator(`[data-file="${path}"] [data-action=download]`).first().dispatchEvent("click");
  }

  /** Ask for what a selection of the list asks for. */
  async askDownload(paths: readonly string[]): Promise<void> {
    await this.page.locator("naru-files").evaluate((files, paths) => {
      const wanted = { detail: { paths }, bubbles: true, composed: true, cancelable: true };
      files.dispatchEvent(new CustomEvent("naru-download", wanted));
    }, paths);
  }

  /** The row of one file. */
  row(path: string): Locator {
    return this.page.locator(`[data-state][data-path="${path}"]`);
  }

  /** Wait until a row is in one of these states. */
  async waitState(path: string, states: string | readonly string[], timeout = 300_000): Promise<void> {
    const wanted = typeof states === "string" ? [states] : states;
    const selector = wanted.map((state) => `[data-state="${state}"][data-path="${path}"]`).join(",");
    await this.page
      .locator(selector)
      .first()
      .waitFor({ state: "attached", timeout })
      .catch(async (cause: unknown) => {
        throw new Error(`"${path}" is not ${wanted.join(" or ")}: ${await this.describe(path)}`, { cause });
      });
  }

  /** Wait until a row tells of more confirmed bytes than this. */
  async waitConfirmed(path: string, moreThan: number, timeout = 300_000): Promise<void> {
    await this.row(path)
      .first()
      .elementHandle({ timeout })
      .then((row) =>
        this.page.waitForFunction(
          ({ row, moreThan }) => Number(row?.getAttribute("data-confirmed")) > moreThan,
          { row, moreThan },
          { timeout },
        ),
      )
      .catch(async (cause: unknown) => {
        throw new Error(`"${path}" has not confirmed ${moreThan} bytes: ${await this.describe(path)}`, { cause });
      });
  }

  async confirmed(path: string): Promise<number> {
    return Number(await this.row(path).first().getAttribute("data-confirmed"));
  }

  async state(path: string): Promise<string | null> {
    return this.row(path).first().getAttribute("data-state");
  }

  /** The button of a row. */
  button(path: string, action: RowAction): Locator {
    return this.row(path).locator(`[data-action="${action}"]`).first();
  }

  /**
   * Press a row's `resume` and "Allow" in Chromium's question about its file. The question is no part of the page and
   * nothing reports when it stands, but keys then go to it and no longer to the page. It ignores keys at first, so that
   * nobody allows by accident; where it was refused by accident, it is asked for again. A browser that had the time to
   * write down what it was allowed asks another question, below the address: that one takes no keys.
   */
  async resumeAndAllow(path: string, display: Display): Promise<void> {
    const answered = this.row(path).and(this.page.locator(':not([data-state="needs-file"])')).first();
    const isAnswered = (timeout: number): Promise<boolean> =>
      answered.waitFor({ state: "attached", timeout }).then(
        () => true,
        () => false,
      );
    const keys = await this.#keysHeard();
    if (!(await keys.hears(display, "Shift_L"))) throw new Error("Cannot press keys: they do not reach the page");
    for (let asked = 0; asked < 3; asked += 1) {
      await this.button(path, "resume").click();
      for (let heard = 1; await keys.hears(display, "Shift_L"); heard += 1) {
        if (await isAnswered(100)) return;
        if (heard % 10 === 0) await display.click(allowThisTime.x, allowThisTime.y);
      }
      await display.press("Tab");
      for (let tries = 0; tries < 10; tries += 1) {
        await display.press("Return");
        if (await isAnswered(3000)) return;
        if (await keys.hears(display, "Shift_L")) break;
      }
    }
    throw new Error(`Nothing answered the question about "${path}": ${await this.describe(path)}`);
  }

  /** Keys that reach the page from now on do nothing but say so. */
  async #keysHeard(): Promise<{ hears(display: Display, key: string): Promise<boolean> }> {
    const heard = await this.page.evaluateHandle(() => {
      const keys = new EventTarget();
      const swallow = (event: KeyboardEvent): void => {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (event.type === "keyup") keys.dispatchEvent(new Event("key"));
      };
      for (const type of ["keydown", "keypress", "keyup"] as const) window.addEventListener(type, swallow, true);
      return {
        next: (ms: number) =>
          new Promise<boolean>((done) => {
            keys.addEventListener("key", () => done(true), { once: true });
            setTimeout(done, ms, false);
          }),
      };
    });
    return {
      async hears(display, key) {
        const next = heard.evaluate((page) => page.next(3000));
        await display.press(key);
        return next;
      },
    };
  }

  /** Press a row's `choose` and give it this file. */
  async chooseAgain(path: string, file: string): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.button(path, "choose").click();
    await (await chooser).setFiles(file);
  }

  /** What the page says, as a person who cannot see hears it. */
  async words(): Promise<string> {
    return this.page.locator("body").ariaSnapshot();
  }

  async describe(path: string): Promise<string> {
    const row = this.row(path).first();
    if ((await row.count()) === 0)
      return `there is no such row; the page says ${JSON.stringify((await this.words()).slice(0, 600))}`;
    const state = await row.getAttribute("data-state");
    const confirmed = await row.getAttribute("data-confirmed");
    return `state ${state}, confirmed ${confirmed}, ${await row.ariaSnapshot()}`;
  }
}
