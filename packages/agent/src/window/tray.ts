/** The tray icon: the queue in a line, and a menu. A program of its own shows it, without which everything goes on. */

import type { TransferQueue } from "../transfers/transfer-queue.ts";
import type { Desktop } from "./desktop.ts";
import { TrayHelper, type TrayLook } from "./tray-helper.ts";
import { type TrayMenu, trayMenu } from "./tray-menu.ts";
import type { TrayParts } from "./tray-parts.ts";

export interface TrayOptions extends TrayParts {
  readonly transfers: TransferQueue;
  /** The computer's, when the user has set none. */
  readonly language: Desktop["language"];
  readonly openWindow: () => void;
  readonly quit: () => void;
  readonly log: (line: string) => void;
  /** A helper that ended before it was this old would end again; an older one is tried once more. */
  readonly worthRetryMs?: number | undefined;
}

/** What changes sooner is shown together. */
const togetherMs = 1000;
/** The language of the settings changes without an event. */
const lookAgainMs = 10_000;

/** The icon of one agent, until it is disposed. */
export class Tray implements AsyncDisposable {
  readonly #options: TrayOptions;
  readonly #stopHearing: () => void;
  readonly #looking: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #helper: TrayHelper;
  #isClosed = false;
  /** What is there to be clicked. */
  #menu: TrayMenu;

  constructor(options: TrayOptions) {
    this.#options = options;
    const { transfers } = options;
    this.#menu = this.#menuNow();
    this.#helper = this.#startHelper({ mayRetry: true });
    this.#stopHearing = transfers.onEvent(() => {
      this.#timer ??= setTimeout(() => this.#show(), togetherMs).unref();
    });
    this.#looking = setInterval(() => this.#show(), lookAgainMs).unref();
  }

  /** Take the icon away. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#rest();
    await this.#helper.close();
  }

  #startHelper({ mayRetry }: { readonly mayRetry: boolean }): TrayHelper {
    const { program, icon, log, worthRetryMs = 10_000 } = this.#options;
    const since = performance.now();
    const helper = new TrayHelper(program, { icon, onClick: (place) => this.#clicked(place) });
    helper.show(lookOf(this.#menu));
    // Never rejects.
    void helper.ended.then((why) => {
      if (this.#isClosed) return;
      log(`the tray icon is gone: ${why}`);
      if (mayRetry && performance.now() - since >= worthRetryMs) this.#helper = this.#startHelper({ mayRetry: false });
      else this.#rest();
    });
    return helper;
  }

  #rest(): void {
    this.#stopHearing();
    clearInterval(this.#looking);
    clearTimeout(this.#timer);
  }

  #menuNow(): TrayMenu {
    const { transfers, language } = this.#options;
    return trayMenu(transfers.list(), transfers.settings.language ?? language);
  }

  #show(): void {
    this.#timer = undefined;
    this.#menu = this.#menuNow();
    this.#helper.show(lookOf(this.#menu));
  }

  #clicked(place: number): void {
    const { openWindow, quit } = this.#options;
    if (place === places.openWindow) openWindow();
    if (place === places.all) void this.#commandAll();
    if (place === places.quit) quit();
  }

  /** As the menu said when it was clicked. */
  async #commandAll(): Promise<void> {
    const { transfers, log } = this.#options;
    const { does } = this.#menu.all;
    if (does === undefined) return;
    try {
      for (const { id } of transfers.list()) await transfers[does](id);
    } catch (error) {
      log(`tray ${does} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const places = { status: 0, openWindow: 2, all: 3, quit: 5 } as const;

/** Lines are where no item is. */
function lookOf({ status, openWindow, all, quit }: TrayMenu): TrayLook {
  const items: TrayLook["items"][number][] = Array.from({ length: 6 }, () => undefined);
  items[places.status] = { title: status, isEnabled: false };
  items[places.openWindow] = { title: openWindow, isEnabled: true };
  items[places.all] = { title: all.title, isEnabled: all.does !== undefined };
  items[places.quit] = { title: quit, isEnabled: true };
  return { tooltip: `Naru Agent: ${status}`, items };
}
