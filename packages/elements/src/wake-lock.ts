/** Keeps the screen, and with it the computer, awake while files are on their way. The browser lets go of it whenever the page is hidden. */
export class WakeLock {
  #wanted = false;
  #held: Promise<WakeLockSentinel | undefined> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", this.#seen);
  }

  /** Hold it or let go of it; many calls of the same are one. */
  keep(wanted: boolean): void {
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    if (wanted) this.#take();
    else this.#release();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#seen);
    this.keep(false);
  }

  readonly #seen = (): void => {
    if (document.visibilityState === "visible" && this.#wanted) this.#take();
  };

  #take(): void {
    // Absent where the page is not served securely; refused when the battery is low, for one.
    if (!("wakeLock" in navigator) || this.#held !== undefined) return;
    const held = navigator.wakeLock.request("screen").catch(() => undefined);
    this.#held = held;
    const forget = (): void => {
      if (this.#held === held) this.#held = undefined;
    };
    void held.then((lock) => (lock === undefined ? forget() : lock.addEventListener("release", forget)));
  }

  #release(): void {
    void this.#held?.then((lock) => lock?.release());
    this.#held = undefined;
  }
}
