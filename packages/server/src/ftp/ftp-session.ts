import type { Socket } from "node:net";
import { TransferError } from "@naru/core";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import type { Client, ClientState } from "./client.ts";
import { commands, duringTransfer, withoutLogin } from "./command-table.ts";
import { ControlConnection } from "./control-connection.ts";
import type { FtpSettings, FtpSignedIn } from "./ftp-settings.ts";
import type { Line } from "./line-parser.ts";
import { factNames } from "./listing-format.ts";
import { plainAddress } from "./peer-address.ts";
import { FtpFault, type Reply, reply, replyTo } from "./reply.ts";

const faultReplies: Readonly<Record<Extract<Line, { at: "fault" }>["fault"], Reply>> = {
  "too-long": { code: 500, text: "Cannot read the command: the line is too long", next: "close" },
  "not-text": reply(501, "Cannot read the command: it is not UTF-8 text without control characters"),
  "no-command": reply(500, "Cannot read the command: it is empty"),
};

/** One client, from its connection to its end. Commands run one after another, in the order they came. */
export class FtpSession implements Client {
  readonly settings: FtpSettings;
  readonly control: ControlConnection;
  /** The client's address, and the one of ours it came to. */
  readonly peer: string;
  readonly host: string;
  readonly state: ClientState;
  readonly #queue: Line[] = [];
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStillWelcome: FtpSignedIn["isStillWelcome"];

  constructor(socket: Socket, settings: FtpSettings) {
    this.settings = settings;
    this.peer = plainAddress(socket.remoteAddress);
    this.host = plainAddress(socket.localAddress);
    this.state = {
      user: undefined,
      tries: 0,
      files: undefined,
      folder: "/",
      restart: 0,
      expectedSize: undefined,
      renameFrom: undefined,
      hash: "SHA-256",
      facts: new Set(factNames),
      bufferAgreed: false,
      protectData: false,
      extendedOnly: false,
      data: undefined,
      transfer: undefined,
    };
    const { lineBytes } = settings.limits;
    this.control = new ControlConnection(socket, { lineBytes, onLine: (line) => this.#take(line) });
  }

  /** The files of whoever has signed in. */
  get files(): GatewaySession {
    if (this.state.files === undefined) throw new FtpFault(530, "Cannot do that: sign in first");
    return this.state.files;
  }

  /** Greet the client and serve it until it has gone; what it left open is kept. */
  async serve(): Promise<void> {
    const { gone } = this.control;
    const { loginGraceMs } = this.settings.limits;
    this.#timer = setTimeout(() => this.#expire("sign in took too long"), loginGraceMs);
    this.control.reply(reply(220, "Naru"));
    if (!gone.aborted) await new Promise((resolve) => gone.addEventListener("abort", resolve, { once: true }));
    clearTimeout(this.#timer);
    this.#queue.length = 0;
    this.state.data?.close();
    await this.#working;
    await this.state.files?.[Symbol.asyncDispose]();
  }

  /** End it if whoever signed in would not be let in any more. */
  async recheck(): Promise<void> {
    if (this.#isStillWelcome === undefined || (await this.#isStillWelcome())) return;
    this.settings.log.info({ account: this.state.user, peer: this.peer }, "an FTP client is no longer welcome");
    this.close("Cannot continue: your credentials were revoked");
  }

  /** Tell the client why, and end; what it has sent so far is kept. */
  close(why = "The server closes"): void {
    this.control.reply(reply(421, why));
    this.state.transfer?.abort();
    this.control.close();
  }

  /** Stop counting the time to sign in. */
  signedIn(files: GatewaySession, { name, isStillWelcome }: FtpSignedIn): void {
    this.state.files = files;
    this.state.user = name;
    this.#isStillWelcome = isStillWelcome;
    clearTimeout(this.#timer);
  }

  #take(line: Line): void {
    const { transfer } = this.state;
    if (line.at === "command" && transfer !== undefined) {
      if (line.verb === "ABOR") {
        // Its reply follows the one of the transfer that it ends.
        this.#queue.unshift(line);
        transfer.abort();
        return;
      }
      if (this.#queue.length === 0 && duringTransfer(line.verb, line.argument)) {
        void this.#answer(line);
        return;
      }
    }
    this.#queue.push(line);
    if (this.#queue.length >= this.settings.limits.queuedCommands) this.control.pause();
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    const signedIn = (): boolean => this.state.files !== undefined;
    if (signedIn()) clearTimeout(this.#timer);
    for (;;) {
      const line = this.#queue.shift();
      if (line === undefined) break;
      if (this.#queue.length < this.settings.limits.queuedCommands) this.control.go();
      await this.#answer(line);
      await this.control.drained(this.settings.limits.stallMs);
      if (this.control.gone.aborted) this.#queue.length = 0;
    }
    this.#working = undefined;
    if (!signedIn() || this.control.gone.aborted) return;
    clearTimeout(this.#timer);
    const { idleMs } = this.settings.limits;
    this.#timer = setTimeout(() => this.#expire("no command came for a while"), idleMs);
  }

  async #answer(line: Line): Promise<void> {
    const answer = await this.#run(line);
    if (answer.next === "secure") {
      await this.#secure(answer);
      return;
    }
    this.control.reply(answer);
    if (answer.next === "close") this.control.close();
  }

  async #run(line: Line): Promise<Reply> {
    if (line.at === "fault") return faultReplies[line.fault];
    const { verb, argument } = line;
    const run = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (run === undefined) return reply(502, `Cannot do ${verb}: there is no such command`);
    if (this.state.files === undefined && !withoutLogin.has(verb)) return reply(530, "Cannot do that: sign in first");
    if (verb !== "RNTO" && verb !== "NOOP") this.state.renameFrom = undefined;
    try {
      return await run(this, argument);
    } catch (error) {
      const answer = replyTo(error);
      if (answer !== undefined) return answer;
      this.settings.log.error({ err: error, verb, account: this.state.user }, "an FTP command failed");
      return reply(451, `Cannot do ${verb}: internal error`);
    }
  }

  async #secure(answer: Reply): Promise<void> {
    const { secure, limits } = this.settings;
    const signal = AbortSignal.any([this.control.gone, AbortSignal.timeout(limits.acceptMs)]);
    try {
      // A command that waits was sent in the clear, before the client could know that TLS has begun.
      if (secure === undefined || this.#queue.length > 0)
        throw new TransferError("invalid", "Cannot begin TLS: commands arrived before it");
      await this.control.secure(secure.context, answer, { signal });
    } catch (error) {
      this.settings.log.warn({ err: error, peer: this.peer }, "TLS did not begin");
      this.control.close();
    }
  }

  #expire(why: string): void {
    this.control.reply(reply(421, `Cannot wait any longer: ${why}`));
    this.control.close();
  }
}
