import { Socket } from "node:net";

type Written = (error?: Error | null) => void;

/**
 * A socket that sends what is written to it in one turn with one call to the system. ssh2 writes the length, the contents and
 * the tag of each packet apart, which without delay (`TCP_NODELAY`) would be three segments.
 */
export class GatheringSocket extends Socket {
  #gathering = false;

  override write(bytes: Uint8Array | string, written?: Written): boolean;
  override write(text: Uint8Array | string, encoding?: BufferEncoding, written?: Written): boolean;
  override write(bytes: Uint8Array | string, second?: BufferEncoding | Written, written?: Written): boolean {
    this.#gather();
    return typeof second === "string" ? super.write(bytes, second, written) : super.write(bytes, second ?? written);
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.cork();
    process.nextTick(() => {
      this.#gathering = false;
      this.uncork();
    });
  }
}
