/**
 * Cuts what a client sends into commands: lines of UTF-8 (RFC 2640) that end in CRLF, from any chunks, with the Telnet
 * signals that RFC 959 lets precede ABOR taken out. A line is never longer than the cap, however slowly it comes.
 *
 * @module
 */

/** A line as a command, or what is wrong with it. */
export type Line =
  | { readonly at: "command"; readonly verb: string; readonly argument: string }
  | { readonly at: "fault"; readonly fault: "too-long" | "not-text" | "no-command" };

const lf = 0x0a;
const cr = 0x0d;
const iac = 0xff;
/** From here on a byte after IAC is a Telnet command (RFC 854). */
const firstTelnet = 0xf0;

/** Collects the bytes of one control connection. */
export class LineParser {
  readonly #maxBytes: number;
  readonly #line: Uint8Array;
  #length = 0;
  /** Bytes of a Telnet signal still to come: after IAC, or the option after WILL, WONT, DO, DONT. */
  #telnet: "none" | "command" | "option" = "none";
  #overflown = false;

  constructor({ maxBytes }: { maxBytes: number }) {
    this.#maxBytes = maxBytes;
    this.#line = new Uint8Array(maxBytes);
  }

  /** Whether a line has begun and not ended. */
  get partial(): boolean {
    return this.#length > 0 || this.#telnet !== "none";
  }

  /** Take bytes; returns the lines that they end. After `too-long` nothing more is parsed: the sender is no client. */
  push(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    for (const byte of bytes) {
      if (this.#overflown) break;
      if (this.#skips(byte)) continue;
      if (byte === lf) lines.push(this.#end());
      else if (this.#length === this.#maxBytes) {
        this.#overflown = true;
        lines.push({ at: "fault", fault: "too-long" });
      } else {
        this.#line[this.#length] = byte;
        this.#length += 1;
      }
    }
    return lines;
  }

  #skips(byte: number): boolean {
    if (this.#telnet === "option") {
      this.#telnet = "none";
      return true;
    }
    if (this.#telnet === "command") {
      this.#telnet = byte >= 251 && byte <= 254 ? "option" : "none";
      // The urgent byte of a signal travels beside the stream: what follows may be the command itself.
      return byte >= firstTelnet;
    }
    if (byte === iac) {
      this.#telnet = "command";
      return true;
    }
    // What is left of a signal whose IAC was the urgent byte; no command begins with such a byte.
    return this.#length === 0 && byte >= firstTelnet;
  }

  #end(): Line {
    const ends = this.#length > 0 && this.#line[this.#length - 1] === cr ? this.#length - 1 : this.#length;
    const bytes = this.#line.subarray(0, ends);
    this.#length = 0;
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return { at: "fault", fault: "not-text" };
    }
    return asCommand(text);
  }
}

function asCommand(text: string): Line {
  if (/\p{Cc}/u.test(text)) return { at: "fault", fault: "not-text" };
  const [, verb, argument = ""] = /^([a-z][a-z0-9]{2,7})(?: (.*))?$/isu.exec(text) ?? [];
  if (verb === undefined) return { at: "fault", fault: "no-command" };
  return { at: "command", verb: verb.toUpperCase(), argument };
}
