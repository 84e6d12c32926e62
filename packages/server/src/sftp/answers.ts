/**
 * What is answered, as whole packets with their length in front: SFTP version 3, draft-ietf-secsh-filexfer-02 section 7.
 *
 * @module
 */

import type { StoreSpace } from "@naru/core";
import { attrFlag, PacketWriter, packetType, type StatusCode, sftpSeconds, status } from "@naru/core/sftp-v3";
import type { FileAttrs, NamedFile } from "./packets.ts";

/** A whole packet, or the pieces that one is made of. */
export type Answer = Uint8Array | readonly Uint8Array[];

const folderMode = 0o040755;
const fileMode = 0o100644;
const blockBytes = 4096;
/** After the length and the type. */
const idAt = 5;
/** What a DATA packet has before its data: the id and the data's length, too. */
const dataHeadBytes = idAt + 8;
const anyOkAnswer: Uint8Array = statusAnswer(0, status.ok);

export function statusAnswer(id: number, code: StatusCode, message = ""): Uint8Array {
  return packet(packetType.status, (to) => to.number(id).number(code).text(message).text("en"));
}

/** There is one for each write: a copy of what is the same in all, out of Node's pool of small buffers. */
export function okAnswer(id: number): Uint8Array {
  const answer = Buffer.from(anyOkAnswer);
  answer.writeUInt32BE(id, idAt);
  return answer;
}

/** The version that is spoken, and what is understood beyond it. */
export function versionAnswer(version: number, extensions: Readonly<Record<string, string>>): Uint8Array {
  return packet(packetType.version, (to) => {
    to.number(version);
    for (const [name, data] of Object.entries(extensions)) to.text(name).text(data);
  });
}

export function handleAnswer(id: number, handle: number): Uint8Array {
  return packet(packetType.handle, (to) => to.number(id).number(4).number(handle));
}

/** The data is not copied: it follows the head as it is. */
export function dataAnswer(id: number, data: readonly Uint8Array[]): readonly Uint8Array[] {
  const size = data.reduce((bytes, piece) => bytes + piece.length, 0);
  const head = Buffer.allocUnsafe(dataHeadBytes);
  head.writeUInt32BE(dataHeadBytes - 4 + size);
  head.writeUInt8(packetType.data, 4);
  head.writeUInt32BE(id, idAt);
  head.writeUInt32BE(size, idAt + 4);
  return [head, ...data];
}

export function nameAnswer(id: number, files: readonly NamedFile[]): Uint8Array {
  return packet(
    packetType.name,
    (to) => {
      to.number(id).number(files.length);
      for (const { name, longname, attrs } of files) putAttrs(to.text(name).text(longname), attrs);
    },
    files.length * 160 + 32,
  );
}

export function attrsAnswer(id: number, attrs: FileAttrs): Uint8Array {
  return packet(packetType.attrs, (to) => putAttrs(to.number(id), attrs));
}

/** The answer to limits@openssh.com and statvfs@openssh.com: numbers of 64 bits. */
export function numbersAnswer(id: number, numbers: readonly number[]): Uint8Array {
  return packet(packetType.extendedReply, (to) => {
    to.number(id);
    for (const number of numbers) to.big(number);
  });
}

/** The answer to an extension whose answer is one text. */
export function textAnswer(id: number, text: string): Uint8Array {
  return packet(packetType.extendedReply, (to) => to.number(id).text(text), text.length + 32);
}

/** The answer to check-file: words, and then the digests, to the packet's end. */
export function checkAnswer(id: number, words: readonly string[], digests: Uint8Array): Uint8Array {
  return packet(
    packetType.extendedReply,
    (to) => {
      to.number(id);
      for (const word of words) to.text(word);
      to.raw(digests);
    },
    digests.length + 64,
  );
}

/** What statvfs@openssh.com tells: room in blocks, as many files as there are blocks, names of 255 bytes. */
export function statvfsNumbers({ free, total }: StoreSpace): readonly number[] {
  const [all, left] = [Math.floor(total / blockBytes), Math.floor(free / blockBytes)];
  return [blockBytes, blockBytes, all, left, left, all, left, left, 0, 0, 255];
}

function putAttrs(to: PacketWriter, attrs: FileAttrs | undefined): void {
  if (attrs === undefined) {
    to.number(0);
    return;
  }
  to.number(attrFlag.size | attrFlag.owner | attrFlag.permissions | attrFlag.times).big(attrs.size);
  // Owners mean nothing on object storage; a plain user's number does not look like root's files.
  to.number(1000).number(1000);
  to.number(attrs.kind === "folder" ? folderMode : fileMode);
  const seconds = sftpSeconds(attrs.modified);
  to.number(seconds).number(seconds);
}

function packet(code: number, fill: (to: PacketWriter) => void, roomBytes = 128): Uint8Array {
  const writer = new PacketWriter(code, roomBytes);
  fill(writer);
  return writer.finish();
}
