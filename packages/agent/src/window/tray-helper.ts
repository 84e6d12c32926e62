/**
 * The program that owns the icon: the Go helper of the npm package `systray2` 2.1.4, which speaks JSON, one value a line.
 * It says `{"type":"ready"}`, is given the menu with icon and all, later single items; it says `{"type":"clicked","__id":3}`.
 * It ends when its input does, so it outlives no agent, however that one ends.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { decoder } from "@naru/core";
import { choice, object, only, whole } from "@naru/core/schema";

export interface TrayItem {
  readonly title: string;
  readonly isEnabled: boolean;
}

export interface TrayLook {
  /** Shown by Windows when the pointer rests on the icon; other systems leave it out. */
  readonly tooltip: string;
  /** Always the same number of them; where one is absent there is a line. */
  readonly items: readonly (TrayItem | undefined)[];
}

export interface TrayHelperOptions {
  /** A PNG in base64, on Windows an ICO. */
  readonly icon: string;
  /** Called with the place of an item in the menu, from 0. */
  readonly onClick: (place: number) => void;
}

type HelperMessage = { readonly type: "ready" } | { readonly type: "clicked"; readonly place: number };

const patienceMs = 2000;
const lastWordsMs = 200;
const mostOfComplaint = 200;

/** A helper from its start to its end. */
export class TrayHelper {
  readonly #child: ChildProcess | undefined;
  readonly #options: TrayHelperOptions;
  /** Resolves with why it ended, also when it never began; never fails. */
  readonly ended: Promise<string>;
  #isReady = false;
  #wanted: TrayLook | undefined;
  #shown: TrayLook | undefined;

  /** Start `program`. Whatever it does or does not do, nothing is thrown. */
  constructor(program: string, options: TrayHelperOptions) {
    this.#options = options;
    try {
      // A group of its own: a Ctrl+C in the agent's terminal is the agent's to answer.
      const detached = process.platform !== "win32";
      this.#child = spawn(program, [], { detached, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
      this.ended = this.#live(this.#child);
    } catch (error) {
      this.ended = Promise.resolve(whyOf(error));
    }
  }

  /** Show this from now on; what is the same is not sent again. */
  show(look: TrayLook): void {
    this.#wanted = look;
    const stdin = this.#child?.stdin;
    // One that does not read is not written to without end; the next look tells it all.
    if (!this.#isReady || !stdin?.writable || stdin.writableNeedDrain) return;
    for (const line of this.#linesFor(look)) stdin.write(`${JSON.stringify(line)}\n`);
    this.#shown = look;
  }

  /** Take the icon away. Resolves when the helper has ended. */
  async close(): Promise<void> {
    this.#child?.stdin?.end();
    const stop = new AbortController();
    const late = wait(patienceMs, undefined, stop).then(
      () => this.#child?.kill("SIGKILL"),
      () => undefined,
    );
    await this.ended;
    stop.abort();
    await late;
  }

  async #live(child: ChildProcess): Promise<string> {
    // A write to one that has ended, and a kill of it, are no news.
    for (const emitter of [child, child.stdin]) emitter?.on("error", () => undefined);
    const { stdout, stderr } = child;
    const complaint = stderr === null ? "" : firstLine(stderr).catch(() => "");
    if (stdout !== null) void this.#hear(stdout).catch(() => undefined);
    try {
      const [code, signal]: unknown[] = await once(child, "exit");
      // Whoever got its outputs from it may keep them open.
      const said = await Promise.race([complaint, wait(lastWordsMs, "")]);
      return `it ended with ${signal ?? code}${said === "" ? "" : ` (${said})`}`;
    } catch (error) {
      return whyOf(error);
    } finally {
      for (const stream of [stdout, stderr]) stream?.destroy();
    }
  }

  async #hear(stdout: Readable): Promise<void> {
    for await (const line of createInterface({ input: stdout })) {
      const message = decodeMessage(line);
      if (message?.type === "clicked") this.#options.onClick(message.place);
      if (message?.type !== "ready") continue;
      this.#isReady = true;
      if (this.#wanted !== undefined) this.show(this.#wanted);
    }
  }

  #linesFor(look: TrayLook): readonly unknown[] {
    const shown = this.#shown;
    const items = look.items.map(wireItem);
    if (shown === undefined) return [{ ...wireMenu(look.tooltip, this.#options.icon), items }];
    const changed = items.filter((_, place) => !isSame(look.items[place], shown.items[place]));
    const lines: unknown[] = changed.map((item) => ({ type: "update-item", item, seq_id: -1 }));
    // Without an icon the helper keeps the one that it has; on Linux it makes a file of each that it is given.
    if (look.tooltip !== shown.tooltip) lines.push({ type: "update-menu", menu: wireMenu(look.tooltip, "") });
    return lines;
  }
}

function wireMenu(tooltip: string, icon: string): Readonly<Record<string, unknown>> {
  return { icon, title: "", tooltip, isTemplateIcon: false };
}

function wireItem(item: TrayItem | undefined, place: number): Readonly<Record<string, unknown>> {
  const { title, isEnabled } = item ?? { title: "<SEPARATOR>", isEnabled: true };
  // The helper's own numbers begin at 1: 0 is what it reads where there is none.
  return { title, tooltip: "", enabled: isEnabled, checked: false, hidden: false, __id: place + 1 };
}

function isSame(one: TrayItem | undefined, other: TrayItem | undefined): boolean {
  return one?.title === other?.title && one?.isEnabled === other?.isEnabled;
}

const readMessage = decoder(
  choice("type", [
    object({ type: only("ready") }),
    object({ type: only("clicked"), __id: whole("Of the item, from 1.") }),
  ]),
);

/** Libraries below the helper write to its output too: what is not a message says nothing. */
function decodeMessage(line: string): HelperMessage | undefined {
  try {
    const message = readMessage(JSON.parse(line), "tray");
    return message.type === "ready" ? message : { type: message.type, place: message.__id - 1 };
  } catch {
    // As above.
  }
  return undefined;
}

async function firstLine(stream: Readable): Promise<string> {
  let first = "";
  for await (const line of createInterface({ input: stream })) first ||= line.trim().slice(0, mostOfComplaint);
  return first;
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
