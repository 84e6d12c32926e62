import { PacketReader } from "@naru/core/sftp-v3";
import { MalformedPacket, maxPathBytes } from "./packets.ts";

/** The packet is well framed, but a field of it cannot be taken: it is answered by a status. */
export class RefusedField extends Error {
  override readonly name = "RefusedField";
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the fields of one packet. @throws {MalformedPacket} when a field reaches over its end */
export class FieldReader extends PacketReader {
  constructor(bytes: Uint8Array) {
    super(bytes, () => new MalformedPacket("A field is longer than its packet"));
  }

  /** @throws {RefusedField} beyond what a number tells apart */
  override big(): number {
    const value = super.big();
    if (!Number.isSafeInteger(value)) throw new RefusedField("Cannot accept the number: it is larger than 2^53");
    return value;
  }

  /** A text of protocol words; what is not UTF-8 is no word that we know. */
  word(): string {
    return new TextDecoder().decode(this.bytes());
  }

  /** @throws {RefusedField} when it is too long, or not UTF-8 */
  path(): string {
    const bytes = this.bytes();
    if (bytes.length > maxPathBytes)
      throw new RefusedField(`Cannot use the path: it is longer than ${maxPathBytes} bytes`);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new RefusedField("Cannot use the path: it is not UTF-8");
    }
  }

  /** Our handles are four bytes; anything else is none of ours. */
  handle(): number {
    const bytes = this.bytes();
    return bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) : -1;
  }
}
