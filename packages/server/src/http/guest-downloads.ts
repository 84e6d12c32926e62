import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Downloads, Taking } from "../shares/downloads.ts";
import type { GuestCall } from "../shares/guest-gate.ts";
import type { App, Reply, Request } from "./fastify.ts";

/** Headers that are of the file, not of the answer that it may not be had. */
const ofTheFile = [
  "content-length",
  "content-range",
  "content-disposition",
  "etag",
  "last-modified",
  "accept-ranges",
  "naru-crc64",
];

/** Count what guests download, whichever call answers with bytes, and stop when a link has been used up. */
export function countGuestDownloads(app: App, downloads: Downloads): void {
  app.addHook("onSend", async (request, reply, payload) => {
    const { guest } = request;
    if (guest === undefined || request.method !== "GET" || !(payload instanceof Readable)) return payload;
    const taking = takingOf(guest, request, reply);
    if (taking === undefined) return payload;
    let bytes = 0;
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    const counter = await downloads
      .begin(taking, () => counted.destroy())
      .catch((error: unknown) => {
        payload.destroy();
        for (const name of ofTheFile) reply.removeHeader(name);
        throw error;
      });
    const note = (): Promise<void> => counter.ended(bytes);
    pipeline(payload, counted)
      // An answer that was cut says so by its length.
      .catch(() => undefined)
      .then(note)
      .catch((error: unknown) => request.log.error({ err: error }, "cannot note what a guest has downloaded"));
    return counted;
  });
}

/** What an answer sends. */
function takingOf({ share, guest, address }: GuestCall, request: Request, reply: Reply): Taking | undefined {
  const length = Number(reply.getHeader("content-length"));
  if (share.kind !== "share" || !Number.isSafeInteger(length) || ![200, 206].includes(reply.statusCode))
    return undefined;
  const range = /^bytes (\d+)-\d+\/(\d+)$/u.exec(String(reply.getHeader("content-range") ?? ""));
  const start = Number(range?.[1] ?? 0);
  const etag = String(reply.getHeader("etag") ?? "");
  const size = Number(range?.[2] ?? length);
  return { share, guest: guest.id, address, path: askedFor(request), etag, size, start, end: start + length };
}

/** The file, or what an archive is of. */
function askedFor({ url, params }: Request): string {
  if (typeof params === "object" && params !== null && "*" in params) return String(params["*"]);
  const asked = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const paths = [...asked.getAll("path"), ...asked.getAll("key")];
  return paths.join(", ").slice(0, 1024);
}
