/**
 * What the service says, and how its answers are read.
 *
 * @module
 */

import { unquote } from "../s3/s3-answers.ts";
import type { WireAnswer } from "../s3/s3-wire.ts";
import { decodeXml, elementsIn, textIn } from "./service-xml.ts";

/** What the service says of a blob. */
export interface BlobHead {
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
  readonly type?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListedBlob extends BlobHead {
  readonly name: string;
}

export interface BlobPage {
  readonly blobs: readonly ListedBlob[];
  readonly folders: readonly string[];
  readonly cursor?: string | undefined;
}

/** A block, and whether it is part of the blob already. */
export interface ListedBlock {
  readonly id: string;
  readonly size: number;
}

export interface BlockList {
  readonly committed: readonly ListedBlock[];
  readonly uncommitted: readonly ListedBlock[];
}

const metadataHeader = "x-ms-meta-";

/** Read the headers of a blob. */
export function headOf(answer: Pick<WireAnswer, "header" | "headerNames">): BlobHead {
  const named = answer.headerNames().filter((name) => name.startsWith(metadataHeader));
  return {
    size: Number(answer.header("content-length") ?? 0),
    etag: unquote(answer.header("etag") ?? ""),
    modified: dateOf(answer.header("last-modified")),
    type: answer.header("content-type"),
    metadata: Object.fromEntries(
      named.map((name) => [name.slice(metadataHeader.length).toLowerCase(), answer.header(name) ?? ""]),
    ),
  };
}

/** Read a page of a listing. */
export function blobPageIn(xml: string): BlobPage {
  return {
    blobs: elementsIn(xml, "Blob").map(listedBlob),
    folders: elementsIn(xml, "BlobPrefix").map(nameIn),
    cursor: textIn(xml, "NextMarker") || undefined,
  };
}

function listedBlob(xml: string): ListedBlob {
  const [metadata = ""] = elementsIn(xml, "Metadata");
  const pairs = [...metadata.matchAll(/<(\w+)>([^<]*)<\/\1>/g)];
  return {
    name: nameIn(xml),
    size: Number(textIn(xml, "Content-Length") ?? 0),
    etag: unquote(textIn(xml, "Etag") ?? ""),
    modified: dateOf(textIn(xml, "Last-Modified")),
    type: textIn(xml, "Content-Type") || undefined,
    metadata: Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), decodeXml(value)])),
  };
}

/** A name with characters that XML has not is percent-encoded, and marked. */
function nameIn(xml: string): string {
  const name = textIn(xml, "Name") ?? "";
  return /<Name\s+Encoded="true"/i.test(xml) ? decodeURIComponent(name) : name;
}

/** Read the blocks of a blob. */
export function blockListIn(xml: string): BlockList {
  const blocks = (name: string): readonly ListedBlock[] =>
    elementsIn(elementsIn(xml, name)[0] ?? "", "Block").map((block) => ({
      id: textIn(block, "Name") ?? "",
      size: Number(textIn(block, "Size") ?? 0),
    }));
  return { committed: blocks("CommittedBlocks"), uncommitted: blocks("UncommittedBlocks") };
}

/**
 * The CRC-64 of what arrived, in hex. Azure's is CRC-64/NVME, ours too, with its bytes in the other order; `undefined` where
 * it is not said.
 */
export function crc64In(answer: Pick<WireAnswer, "header">): string | undefined {
  const value = Buffer.from(answer.header("x-ms-content-crc64") ?? "", "base64");
  return value.length === 8 ? value.reverse().toString("hex") : undefined;
}

function dateOf(text: string | undefined): Date {
  const date = new Date(text ?? "");
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}
