import {
  type CreateShare,
  changeShare,
  createShare,
  existingPath,
  madeShare,
  shareList,
  shareLog,
  TransferError,
  wireShare,
} from "@naru/core";
import { closed, either, text } from "@naru/core/schema";
import type { AccountStore } from "../catalogue/account-store.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { defaultShareDays } from "../shares/share-policy.ts";
import type { Sharing } from "../shares/sharing.ts";
import { callerIn } from "./access.ts";
import { call } from "./call.ts";
import type { App, Request } from "./fastify.ts";
import { existingFolder, storeOf } from "./folder-routes.ts";

export interface ShareRoutesOptions {
  readonly sharing: Sharing;
  readonly catalogue: Catalogue;
}

const tag = "Sharing";
const params = closed({ id: text("The link.", { maxLength: 100 }) });
const calls = {
  create: call("createShare", "Make a link for people without an account", {
    tag,
    body: createShare,
    answers: { 201: madeShare },
    fails: ["not-found", "conflict"],
  }),
  list: call("listShares", "List my links", { tag, answers: { 200: shareList } }),
  change: call("changeShare", "Change a link of mine", {
    tag,
    params,
    body: changeShare,
    answers: { 200: either(madeShare, wireShare) },
    fails: ["not-found", "conflict"],
  }),
  remove: call("removeShare", "Stop a link of mine", {
    tag,
    description: "One that has ended is forgotten, with its log.",
    params,
    answers: { 204: "nothing" },
    fails: ["not-found"],
  }),
  log: call("getShareLog", "Tell what was taken and sent by a link of mine", {
    tag,
    params,
    answers: { 200: shareLog },
    fails: ["not-found"],
  }),
};

/** Links, as their owners make and stop them. */
export function shareRoutes(app: App, { sharing, catalogue }: ShareRoutesOptions): void {
  const { shares, downloads, log, policy } = sharing;

  app.post("/api/shares", { schema: calls.create }, async (request, reply) => {
    const path = await pathOf(request.body, request, catalogue);
    const made = await shares.create({ ...request.body, path }, callerIn(request).name);
    request.log.info({ by: callerIn(request).name, share: made.id, kind: made.kind, path }, "link made");
    return reply.code(201).send(made);
  });

  app.get("/api/shares", { schema: calls.list }, async (request) => ({
    shares: await shares.list(callerIn(request).name),
    defaultDays: Math.min(defaultShareDays, policy.maxDays),
    maxDays: policy.maxDays,
  }));

  app.patch("/api/shares/:id", { schema: calls.change }, async (request) => {
    const share = await shares.change(request.params.id, request.body, callerIn(request).name);
    if (request.body.renew === true) downloads.stop(share.id);
    request.log.info({ by: callerIn(request).name, share: share.id }, "link changed");
    return share;
  });

  app.delete("/api/shares/:id", { schema: calls.remove }, async (request, reply) => {
    await shares.remove(request.params.id, callerIn(request).name);
    downloads.stop(request.params.id);
    request.log.info({ by: callerIn(request).name, share: request.params.id }, "link stopped");
    return reply.code(204).send();
  });

  app.get("/api/shares/:id/log", { schema: calls.log }, async (request) => ({
    entries: await log.of(await shares.get(request.params.id, callerIn(request).name)),
  }));
}

/** What a link is to: something that is there, and that its owner may give away. @throws {TransferError} `not-found`, `forbidden` */
async function pathOf({ kind, path }: CreateShare, request: Request, catalogue: Catalogue): Promise<string> {
  const { rights } = callerIn(request);
  if (kind === "request") {
    const folder = path === "" ? "" : `${existingFolder(path)}/`;
    rights.check("write", folder, "ask for files in");
    // Where there are no folders, it is there once a file is in it.
    if (folder !== "") await storeOf(catalogue, request).folders?.make(folder.slice(0, -1));
    return folder;
  }
  if (path.endsWith("/")) {
    const folder = existingFolder(path);
    rights.check("read", `${folder}/`, "share");
    if (await hasFolder(storeOf(catalogue, request), folder)) return `${folder}/`;
    throw new TransferError("not-found", `Cannot share "${folder}": there is no such folder`);
  }
  const file = existingPath(path);
  rights.check("read", file, "share");
  if (await storeOf(catalogue, request).stat(file)) return file;
  throw new TransferError("not-found", `Cannot share "${file}": there is no such file`);
}

async function hasFolder(store: AccountStore, folder: string): Promise<boolean> {
  if (store.folders) return store.folders.has(folder);
  return (await store.list({ prefix: `${folder}/`, limit: 1 })).files.length > 0;
}
