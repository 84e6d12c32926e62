/**
 * Lines at the foot of a terminal that are drawn again as they change, under what is said in between (ECMA-48 control
 * sequences, which every terminal of today knows).
 *
 * @module
 */

/** What of a terminal is used. */
export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

const everyMs = 100;
const [eraseBelow, wrapOff, wrapOn, cursorOff, cursorOn] = ["\x1b[J", "\x1b[?7l", "\x1b[?7h", "\x1b[?25l", "\x1b[?25h"];

/** Draws what `draw` gives, for the columns that there are, until it is closed. */
export class LiveLines {
  readonly #terminal: Terminal;
  readonly #draw: (columns: number) => readonly string[];
  readonly #timer: NodeJS.Timeout;
  readonly #showCursor = (): void => void this.#terminal.write(wrapOn + cursorOn);
  #shown = 0;

  constructor(terminal: Terminal, draw: (columns: number) => readonly string[]) {
    this.#terminal = terminal;
    this.#draw = draw;
    this.#timer = setInterval(() => this.redraw(), everyMs);
    this.#timer.unref();
    process.once("exit", this.#showCursor);
  }

  redraw(above = ""): void {
    const { columns = 80, rows = 24 } = this.#terminal;
    const lines = this.#draw(columns).slice(0, Math.max(1, rows - 1));
    if (lines.length === 0 && this.#shown === 0 && above === "") return;
    this.#terminal.write(`${cursorOff}${this.#home()}${above}${wrapOff}${lines.join("\n")}${wrapOn}`);
    this.#shown = lines.length;
  }

  /** Write a line that stays. */
  say(text: string): void {
    this.redraw(`${text}\n`);
  }

  close(): void {
    clearInterval(this.#timer);
    process.off("exit", this.#showCursor);
    this.#terminal.write(this.#home() + cursorOn);
    this.#shown = 0;
  }

  /** To the beginning of the first line, with nothing below. */
  #home(): string {
    const up = this.#shown > 1 ? `\x1b[${this.#shown - 1}A` : "";
    return `\r${up}${eraseBelow}`;
  }
}
