import { randomBytes } from "node:crypto";

/** What a block's id tells: which part, when it was begun, and its MD5 if that was known then. */
export interface BlockId {
  /** As the service has it: base64 of a text whose length is always the same, as it demands of all blocks of a blob. */
  readonly id: string;
  readonly number: number;
  /** Later ones replace earlier ones of the same part. */
  readonly stamp: string;
  /** Names the block's content: an MD5 in hex, or a text of its own. */
  readonly etag: string;
}

const form = /^(?<number>\d{6})(?<stamp>[0-9a-f]{12})(?<kind>[mn])(?<content>[0-9a-f]{32})$/;
let lastStamp = 0;

/**
 * Name a new block. A block that is sent again with other bytes gets another id: the service lists blocks with neither their
 * digest nor their age, and a part's receipt must name its content.
 */
export function blockId(number: number, md5: string | undefined, nowMs: number): BlockId {
  lastStamp = Math.max(nowMs, lastStamp + 1);
  const stamp = Math.floor(lastStamp).toString(16).padStart(12, "0");
  const content = md5 === undefined ? `n${randomBytes(16).toString("hex")}` : `m${md5}`;
  const id = Buffer.from(`${String(number).padStart(6, "0")}${stamp}${content}`, "latin1").toString("base64");
  return { id, number, stamp, etag: md5 ?? content };
}

/** Read one; `undefined` for a block that somebody else made. */
export function readBlockId(id: string): BlockId | undefined {
  const { number, stamp, kind, content } = form.exec(Buffer.from(id, "base64").toString("latin1"))?.groups ?? {};
  if (number === undefined || stamp === undefined || content === undefined) return undefined;
  return { id, number: Number(number), stamp, etag: kind === "m" ? content : `n${content}` };
}

/** The MD5 that a receipt's etag is, if it is one. */
export function md5In(etag: string): string | undefined {
  return /^[0-9a-f]{32}$/.test(etag) ? etag : undefined;
}
