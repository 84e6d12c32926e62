/** The agent's window: its server runs from the first time that somebody wants to see it. */

import type { CommandsOptions } from "../control/commands.ts";
import type { Pages } from "../socket/open-pages.ts";
import type { Desktop } from "./desktop.ts";
import { openWindowDoor, type WindowDoor } from "./window-door.ts";

/** The window of one agent, open or not. */
export class AgentWindow implements AsyncDisposable {
  readonly #desktop: Desktop | undefined;
  readonly #log: (line: string) => void;
  #door: Promise<WindowDoor> | undefined;
  #isOpen = (): boolean => false;

  constructor(desktop: Desktop | undefined, { log }: { readonly log: (line: string) => void }) {
    this.#desktop = desktop;
    this.#log = log;
  }

  /** Whether a window is there that is told what happens. */
  get isOpen(): boolean {
    return this.#isOpen();
  }

  /** Make an address that opens the window once. @throws {TransferError} `unavailable` when there is no page to show */
  async address(options: CommandsOptions & { readonly pages: Pages }): Promise<string> {
    const { pairings } = options.pages;
    this.#door ??= openWindowDoor({ ...options, pairings, desktop: this.#desktop, log: this.#log });
    try {
      const door = await this.#door;
      this.#isOpen = () => door.isOpen();
      return door.address();
    } catch (error) {
      this.#door = undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A door that did not open needs no closing.
    const door = await this.#door?.catch(() => undefined);
    await door?.[Symbol.asyncDispose]();
  }
}
