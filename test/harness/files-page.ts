/** The list of files, as a person uses it. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { ConsolePage } from "./console-page.ts";
import { openPages, type Pages } from "./shared-chromium.ts";
import { folderWorld } from "./world.ts";

type FolderWorld = Awaited<ReturnType<typeof folderWorld>>;

export class FilesPage implements AsyncDisposable {
  readonly world: FolderWorld;
  readonly chromium: Pages;
  readonly console: ConsolePage;
  readonly page: Page;

  private constructor(world: FolderWorld, chromium: Pages, console: ConsolePage) {
    this.world = world;
    this.chromium = chromium;
    this.console = console;
    this.page = console.page;
  }

  /** Start a server that keeps files in a folder, and sign in to its page. */
  static async open(): Promise<FilesPage> {
    const world = await folderWorld();
    const chromium = await openPages();
    return new FilesPage(world, chromium, await ConsolePage.open(await chromium.newPage(), world.origin));
  }

  /** Where the server keeps a file. */
  kept(path: string): string {
    return join(this.world.kept, path);
  }

  row(path: string): Locator {
    return this.page.locator(`tr[data-row="${path}"]`);
  }

  /** The paths of the rows that are chosen. */
  chosen(): Promise<readonly (string | null)[]> {
    return this.page
      .locator("tr[aria-selected=true]")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-row")));
  }

  /** The names of the rows that are drawn, in order. */
  names(): Promise<readonly string[]> {
    return this.page
      .locator("tr[data-row] .name")
      .evaluateAll((names) => names.map(({ textContent }) => textContent.trim()));
  }

  /** The path of the row that has the focus. */
  focusedRow(): Promise<string | null | undefined> {
    return this.page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.closest("tr")?.getAttribute("data-row");
    });
  }

  get toast(): Locator {
    return this.page.locator("[data-role=toast]");
  }

  menuItem(name: string): Locator {
    return this.page.getByRole("menuitem", { name, exact: true });
  }

  /** Wait until this is said to people who do not see the list. */
  async said(words: string): Promise<void> {
    await this.page.locator("naru-files [data-role=said]", { hasText: words }).waitFor({ state: "attached" });
  }

  /** Put files and folders where the server keeps them, and show the folder that they are in. */
  async openFolder(name: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const isFolder = path.endsWith("/");
      await mkdir(this.kept(isFolder ? `${name}/${path}` : join(name, path, "..")), { recursive: true });
      if (!isFolder) await writeFile(this.kept(`${name}/${path}`), path);
    }
    await this.console.openFolder(`${name}/`);
  }

  /** Drag with the mouse, as a hand does. */
  async drag(from: Locator, to: Locator): Promise<void> {
    const [a, b] = [await from.boundingBox(), await to.boundingBox()];
    if (a === null || b === null) throw new Error("Cannot drag: there is nothing to see");
    const { mouse } = this.page;
    await mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await mouse.down();
    await mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 8 });
    await mouse.move(b.x + b.width / 2 + 2, b.y + b.height / 2);
    await mouse.up();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chromium[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
  }
}
