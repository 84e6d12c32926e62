/**
 * The packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), as values: what clients ask and what is answered.
 *
 * Names follow the draft. Handles are ours: four bytes, so they travel as numbers.
 *
 * @module
 */

import type { StatusCode } from "@naru/core/sftp-v3";

/** What a client may send in one packet: OpenSSH's limit, and room for the head of a WRITE of just that size. */
export const maxPacketBytes: number = 256 * 1024;
export const packetHeadRoom: number = 1024;
/** The largest READ and WRITE: what fits into a packet of `maxPacketBytes`, as OpenSSH's server has it. */
export const maxDataBytes: number = 255 * 1024;
export const maxPathBytes: number = 4096;

/** What a client says of a file. Owners and permissions are read over: object storage has none. */
export interface ClientAttrs {
  readonly size?: number | undefined;
  readonly modified?: Date | undefined;
}

/** What is told of a file. */
export interface FileAttrs {
  readonly kind: "file" | "folder";
  readonly size: number;
  readonly modified: Date;
}

/** One line of a NAME answer. */
export interface NamedFile {
  readonly name: string;
  readonly longname: string;
  readonly attrs?: FileAttrs | undefined;
}

interface Ask {
  readonly id: number;
}

/** Requests of one shape, told apart by their kinds. */
type PathAsk<Kind extends string> = Kind extends string ? Ask & { readonly kind: Kind; readonly path: string } : never;

/** A handle is -1 when it cannot be one of ours. */
type HandleAsk<Kind extends string> = Kind extends string
  ? Ask & { readonly kind: Kind; readonly handle: number }
  : never;

/** A piece of a WRITE, handed on as it comes. Pieces of one packet come in order, at rising offsets. */
export interface WritePiece extends HandleAsk<"write"> {
  readonly offset: number;
  /** A view into what came: good until the decoder is pulled again. */
  readonly bytes: Uint8Array;
  /** The offset of the packet's first byte. */
  readonly start: number;
  /** The packet ends with this piece: the write may be answered. */
  readonly last: boolean;
}

/** What is asked by the three check-file extensions. */
export interface CheckRequest extends Ask {
  readonly kind: "check";
  readonly of: { readonly path: string } | { readonly handle: number };
  /** In the order that the client would like them. */
  readonly algorithms: readonly string[];
  readonly start: number;
  /** 0 is to the end. */
  readonly length: number;
  /** 0 is one digest for all. */
  readonly block: number;
  /** Whether the answer begins with the extension's name. */
  readonly named: boolean;
}

/** What a client asks. `refused` is well framed, but says what cannot be taken: it gets its status and nothing else. */
export type Request =
  | { readonly kind: "init"; readonly version: number }
  | (PathAsk<"open"> & { readonly flags: number; readonly attrs: ClientAttrs })
  | PathAsk<"lstat" | "stat" | "opendir" | "remove" | "mkdir" | "rmdir" | "realpath" | "statvfs">
  | (PathAsk<"setstat"> & { readonly attrs: ClientAttrs })
  | (PathAsk<"rename"> & { readonly to: string; readonly replace: boolean })
  | HandleAsk<"close" | "fstat" | "readdir" | "fsync">
  | (HandleAsk<"read"> & { readonly offset: number; readonly length: number })
  | (HandleAsk<"fsetstat"> & { readonly attrs: ClientAttrs })
  | (Ask & { readonly kind: "limits" })
  | CheckRequest
  | (Ask & { readonly kind: "upload"; readonly json: string })
  | (Ask & { readonly kind: "upload-part"; readonly json: string })
  | HandleAsk<"upload-receipt">
  | (Ask & { readonly kind: "refused"; readonly status: StatusCode; readonly why: string })
  | WritePiece;

/** The client broke the protocol; its connection ends. */
export class MalformedPacket extends Error {
  override readonly name = "MalformedPacket";
}
