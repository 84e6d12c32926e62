import { enterShare, guestReceipt, type StoredFile, toWireFile, type WireGuestShare, wireGuestShare } from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Look } from "../shares/guest-gate.ts";
import type { Sharing } from "../shares/sharing.ts";
import { asksOf, typesOf } from "../shares/wire-share.ts";
import { call } from "./call.ts";
import { addressOf } from "./client-address.ts";
import type { App } from "./fastify.ts";
import { guestPath } from "./guest-address.ts";
import { guestCookie, guestIn, linkIn } from "./guest-calls.ts";
import type { OwnOrigins } from "./own-origins.ts";

export interface GuestRoutesOptions {
  readonly sharing: Sharing;
  readonly catalogue: Catalogue;
  readonly origins: OwnOrigins;
  readonly secureCookies: boolean;
  readonly now: () => number;
}

const tag = "Sharing";
const calls = {
  look: call("lookAtLink", "Tell what a link is; below `/s/{token}` only", {
    tag,
    description: "While it is locked, the answer shows nothing else.",
    answers: { 200: wireGuestShare },
    fails: ["not-found"],
  }),
  enter: call("enterLink", "Enter by a link; below `/s/{token}` only", {
    tag,
    description:
      "The answer sets the cookie `naru-guest` for the addresses of this link. A browser that comes back with it is the same guest.",
    body: enterShare,
    answers: { 200: wireGuestShare },
    fails: ["not-found", "forbidden"],
  }),
  receipt: call("getReceipt", "Tell a guest what they have sent; below `/s/{token}` only", {
    tag,
    answers: { 200: guestReceipt },
    fails: ["not-found"],
  }),
};

/** What guests call of a link itself; files and uploads are those of the API. */
export function guestRoutes(app: App, options: GuestRoutesOptions): void {
  const { sharing, origins, secureCookies, now } = options;
  const { gate, deliveries } = sharing;

  app.get("/api/guest", { schema: calls.look, config: { open: true } }, async (request) =>
    describe(await gate.look(linkIn(request), request.cookies[guestCookie]), options),
  );

  app.post("/api/guest", { schema: calls.enter, config: { open: true } }, async (request, reply) => {
    origins.refuseForgery(request);
    const token = linkIn(request);
    // A browser that is killed may lose the cookie that it has just got.
    const by = { address: addressOf(request), secret: request.cookies[guestCookie] ?? request.body.ticket };
    const { secret, share } = await gate.enter(token, request.body, by);
    const maxAge = Math.max(60, Math.ceil((share.expires - now()) / 1000));
    const secure = secureCookies || origins.of(request).startsWith("https:");
    // Two links in one browser are two guests.
    reply.setCookie(guestCookie, secret, {
      path: `${guestPath}${token}`,
      httpOnly: true,
      sameSite: "lax",
      secure,
      maxAge,
    });
    request.log.info({ share: share.id }, "guest entered");
    return { ...(await describe(await gate.look(token, secret), options)), ticket: secret };
  });

  const guests = { callers: ["guest" as const] };
  app.get("/api/guest/receipt", { schema: calls.receipt, config: guests }, async (request) => {
    const { share, guest } = guestIn(request);
    const files = await deliveries.receipt({ share, guest: guest.id }, guest.folder);
    return { title: share.title, guest: guest.name, email: guest.email, issued: new Date(now()).toISOString(), files };
  });
}

async function describe(
  { share, guest, admitted }: Look,
  { sharing, catalogue }: GuestRoutesOptions,
): Promise<WireGuestShare> {
  const { kind, password, title, note } = share;
  const asks = kind === "request" ? asksOf(share) : [];
  const isLocked = password !== null && !admitted;
  if (isLocked) return { kind, state: "locked", title: "", note: "", asks: guest === undefined ? asks : [] };
  const told = { kind, title, note, asks, expires: new Date(share.expires).toISOString() };
  if (kind === "share") {
    const mayBegin = await sharing.downloads.mayBegin(share, guest?.id ?? "");
    const preview = share.preview === 1 && share.max_downloads === null;
    return { ...told, ...(await shared(share.path, catalogue)), preview, state: mayBegin ? "open" : "used-up" };
  }
  const { bytes, files } = await sharing.deliveries.room(share);
  const limits = {
    maxFileSize: share.max_file_size ?? undefined,
    bytesLeft: bytes,
    filesLeft: files,
    types: typesOf(share),
  };
  const sender = guest && { id: guest.id, name: guest.name, email: guest.email };
  return { ...told, ...limits, guest: sender, state: guest === undefined ? "ask" : "open" };
}

/** What a share is to; a file that is gone is not told of. */
async function shared(path: string, { files }: Catalogue): Promise<Partial<WireGuestShare>> {
  const entry = path.endsWith("/") ? "folder" : "file";
  const name = path.replace(/\/$/u, "").split("/").at(-1) ?? "";
  const file: StoredFile | undefined = entry === "folder" ? undefined : await files.stat(path);
  return { entry, name, ...(file && { file: toWireFile({ ...file, path: name }) }) };
}
