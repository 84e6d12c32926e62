import { type Abortable, orAborted } from "@naru/core";
import { SftpClient } from "./sftp-client.ts";
import { connectSsh, type SshTarget } from "./ssh-connection.ts";

/** One SFTP session that is opened anew when it is needed and gone. */
export class SftpLink {
  readonly #target: SshTarget;
  #client: SftpClient | undefined;
  #opening: Promise<SftpClient> | undefined;
  #roundTripMs = 0;

  constructor(target: SshTarget) {
    this.#target = target;
  }

  /** The session; whoever aborts stops waiting, the others go on. */
  async client({ signal }: Abortable = {}): Promise<SftpClient> {
    signal?.throwIfAborted();
    if (this.#client?.alive) return this.#client;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return orAborted(this.#opening, { signal });
  }

  get isOpen(): boolean {
    return this.#client?.alive === true;
  }

  /** How far the server is, as its last session showed; 0 before the first one. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  async close(): Promise<void> {
    const client = this.#client ?? (await this.#opening?.catch(() => undefined));
    client?.disconnect();
  }

  async #open(): Promise<SftpClient> {
    const wire = await connectSsh(this.#target);
    const began = performance.now();
    this.#client = await SftpClient.open(wire);
    // A greeting, and a question about limits.
    this.#roundTripMs = (performance.now() - began) / 2;
    return this.#client;
  }
}
