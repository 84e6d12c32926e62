import { uploadExtension } from "@naru/core";
import { attrFlag, packetType, type StatusCode, status } from "@naru/core/sftp-v3";
import { readCheck } from "./check-file.ts";
import { FieldReader, RefusedField } from "./field-reader.ts";
import type { ClientAttrs, Request } from "./packets.ts";

/** What cannot be taken, and why: answered by a status. */
export function refusal(id: number, why: string, code: StatusCode = status.failure): Request {
  return { kind: "refused", id, status: code, why };
}

/**
 * Read one whole packet, anything but a WRITE.
 *
 * @throws {MalformedPacket} when its fields reach over its end
 */
export function decodeRequest(packet: Uint8Array): Request {
  const reader = new FieldReader(packet);
  const code = reader.byte();
  if (code === packetType.init) return { kind: "init", version: reader.number() };
  const id = reader.number();
  const read = readers[code];
  if (read === undefined) return refusal(id, `Cannot do ${code}: it is not supported`, status.unsupported);
  try {
    return read(id, reader);
  } catch (error) {
    if (error instanceof RefusedField) return refusal(id, error.message);
    throw error;
  }
}

type Read = (id: number, reader: FieldReader) => Request;

const readers: Readonly<Record<number, Read>> = {
  [packetType.open]: (id, reader) => ({
    kind: "open",
    id,
    path: reader.path(),
    flags: reader.number(),
    attrs: readAttrs(reader),
  }),
  [packetType.close]: (id, reader) => ({ kind: "close", id, handle: reader.handle() }),
  [packetType.read]: (id, reader) => ({
    kind: "read",
    id,
    handle: reader.handle(),
    offset: reader.big(),
    length: reader.number(),
  }),
  [packetType.lstat]: (id, reader) => ({ kind: "lstat", id, path: reader.path() }),
  [packetType.fstat]: (id, reader) => ({ kind: "fstat", id, handle: reader.handle() }),
  [packetType.setstat]: (id, reader) => ({ kind: "setstat", id, path: reader.path(), attrs: readAttrs(reader) }),
  [packetType.fsetstat]: (id, reader) => ({ kind: "fsetstat", id, handle: reader.handle(), attrs: readAttrs(reader) }),
  [packetType.opendir]: (id, reader) => ({ kind: "opendir", id, path: reader.path() }),
  [packetType.readdir]: (id, reader) => ({ kind: "readdir", id, handle: reader.handle() }),
  [packetType.remove]: (id, reader) => ({ kind: "remove", id, path: reader.path() }),
  [packetType.mkdir]: (id, reader) => ({ kind: "mkdir", id, path: reader.path() }),
  [packetType.rmdir]: (id, reader) => ({ kind: "rmdir", id, path: reader.path() }),
  [packetType.realpath]: (id, reader) => ({ kind: "realpath", id, path: reader.path() }),
  [packetType.stat]: (id, reader) => ({ kind: "stat", id, path: reader.path() }),
  [packetType.rename]: (id, reader) => ({ kind: "rename", id, path: reader.path(), to: reader.path(), replace: false }),
  [packetType.readlink]: (id) => refusal(id, "Cannot read the link: links are not supported", status.unsupported),
  [packetType.symlink]: (id) => refusal(id, "Cannot create a link: links are not supported", status.unsupported),
  [packetType.extended]: readExtended,
};

const extensions: Readonly<Record<string, Read>> = {
  "posix-rename@openssh.com": (id, reader) => ({
    kind: "rename",
    id,
    path: reader.path(),
    to: reader.path(),
    replace: true,
  }),
  "fsync@openssh.com": (id, reader) => ({ kind: "fsync", id, handle: reader.handle() }),
  "statvfs@openssh.com": (id, reader) => ({ kind: "statvfs", id, path: reader.path() }),
  "limits@openssh.com": (id) => ({ kind: "limits", id }),
  "check-file": (id, reader) => readCheck(id, reader, { named: true }),
  "check-file-handle": (id, reader) => readCheck(id, reader, {}),
  "check-file-name": (id, reader) => readCheck(id, reader, { path: true }),
  [uploadExtension.control]: (id, reader) => ({ kind: "upload", id, json: reader.word() }),
  [uploadExtension.part]: (id, reader) => ({ kind: "upload-part", id, json: reader.word() }),
  [uploadExtension.receipt]: (id, reader) => ({ kind: "upload-receipt", id, handle: reader.handle() }),
};

function readExtended(id: number, reader: FieldReader): Request {
  const name = reader.word();
  const read = Object.hasOwn(extensions, name) ? extensions[name] : undefined;
  return read ? read(id, reader) : refusal(id, "Cannot do this: the extension is not supported", status.unsupported);
}

/** Fields of ATTRS come in this order, each if its flag is set; extended ones come last and are read over. */
function readAttrs(reader: FieldReader): ClientAttrs {
  const flags = reader.number();
  const size = (flags & attrFlag.size) !== 0 ? reader.big() : undefined;
  if ((flags & attrFlag.owner) !== 0) {
    reader.number();
    reader.number();
  }
  if ((flags & attrFlag.permissions) !== 0) reader.number();
  if ((flags & attrFlag.times) === 0) return { size };
  reader.number();
  return { size, modified: new Date(reader.number() * 1000) };
}
