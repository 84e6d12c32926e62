/** What people see while files travel: lines that move on a terminal, else a line for each file when it is done. */

import { stderr } from "node:process";
import { KiB } from "@naru/core";
import { LiveLines, type Terminal } from "./live-lines.ts";
import { type ProgressState, progressLine } from "./progress-line.ts";

export interface BarDetails extends Pick<ProgressState, "speed" | "secondsLeft"> {
  /** Bytes that this run has moved; others were there before. */
  readonly sent: number;
}

export interface FileBar extends Disposable {
  /** `confirmed` bytes have arrived for good; speed is in bytes per second. */
  update(confirmed: number, details: BarDetails): void;
}

/** Files that are transferred together. */
export interface Whole {
  readonly files: number;
  readonly bytes: number;
}

/** What has come to its end, well or not. */
export interface Done extends Whole {
  /** Bytes that this run has moved. */
  readonly sent: number;
}

export interface ProgressView {
  /** Whether the lines move. */
  readonly live: boolean;
  /** Show one file, until it is disposed of. */
  file(name: string, size: number): FileBar;
  /** Show how far all are together. More may be found later: then these come on top. */
  expect(whole: Whole): void;
  count(done: Done): void;
  /** Say something in between. */
  say(text: string): void;
  close(): void;
}

/** Show progress on stderr. */
export function openProgress(terminal: Terminal & { readonly isTTY?: boolean } = stderr): ProgressView {
  return terminal.isTTY ? liveView(terminal) : lineView();
}

function lineView(): ProgressView {
  const nothing = (): void => undefined;
  return {
    live: false,
    file: () => ({ update: nothing, [Symbol.dispose]: nothing }),
    expect: nothing,
    count: nothing,
    say: (text) => console.error(text),
    close: nothing,
  };
}

function liveView(terminal: Terminal): ProgressView {
  const bars = new Set<Bar>();
  let total: Total | undefined;
  const lines = new LiveLines(terminal, (columns) => {
    const states = [...bars].map(({ state }) => state);
    return [...states, ...(total ? [total.state(bars)] : [])].map((state) => progressLine(state, columns));
  });
  return {
    live: true,
    file: (label, size) => {
      const bar: Bar = { state: { label, size, confirmed: 0 }, sent: 0 };
      bars.add(bar);
      return {
        update: (confirmed, { sent, ...details }) => {
          bar.state = { label, size, confirmed, ...details };
          bar.sent = sent;
        },
        [Symbol.dispose]: () => bars.delete(bar),
      };
    },
    expect: (whole) => {
      if (total === undefined) total = new Total(whole);
      else total.expect(whole);
    },
    count: (done) => total?.count(done),
    say: (text) => lines.say(text),
    close: () => lines.close(),
  };
}

interface Bar {
  state: ProgressState;
  sent: number;
}

/** A small file takes as long as so many bytes of a large one. */
const fileCost = 64 * KiB;

/** All files together. */
class Total {
  #whole: Whole;
  readonly #began = performance.now();
  #files = 0;
  #bytes = 0;
  #sent = 0;

  constructor(whole: Whole) {
    this.#whole = whole;
  }

  expect({ files, bytes }: Whole): void {
    this.#whole = { files: this.#whole.files + files, bytes: this.#whole.bytes + bytes };
  }

  count({ files, bytes, sent }: Done): void {
    this.#files += files;
    this.#bytes += bytes;
    this.#sent += sent;
  }

  state(running: Iterable<Bar>): ProgressState {
    const { files, bytes } = this.#whole;
    let [confirmed, sent] = [this.#bytes, this.#sent];
    for (const bar of running) {
      confirmed += bar.state.confirmed;
      sent += bar.sent;
    }
    const seconds = (performance.now() - this.#began) / 1000;
    const [done, all] = [confirmed + this.#files * fileCost, bytes + files * fileCost];
    const pace = (sent + this.#files * fileCost) / seconds;
    return {
      label: `${this.#files.toLocaleString("en")} of ${files.toLocaleString("en")} files`,
      size: bytes,
      confirmed,
      share: done / all,
      speed: sent / seconds,
      secondsLeft: pace > 0 ? (all - done) / pace : undefined,
    };
  }
}
