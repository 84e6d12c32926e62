import {
  eitherDetails,
  existingPath,
  TransferError,
  toWireFile,
  type WireDetails,
  type WireFolderDetails,
} from "@naru/core";
import { closed, text } from "@naru/core/schema";
import type { AccountStore } from "../catalogue/account-store.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { countFolder, type FolderCount } from "../catalogue/folder-count.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";
import { existingFolder, foldersOf, storeOf } from "./folder-routes.ts";
import { clientSignal } from "./request-body.ts";

const details = call("getDetails", "Tell all that is known of a file or folder", {
  tag: "Files",
  description: "Of a folder, how much is in it, as far as one call can count.",
  query: closed({ path: text("Where it is; a final `/` says that it is a folder.", { maxLength: 1024 }) }),
  answers: { 200: eitherDetails },
  fails: ["not-found"],
});

/** What is known of a file or folder beyond a listing. */
export function detailRoutes(app: App, catalogue: Catalogue): void {
  app.get("/api/details", { schema: details }, async (request, reply): Promise<WireDetails | WireFolderDetails> => {
    const { path } = request.query;
    const signal = clientSignal(request, reply);
    const files = storeOf(catalogue, request);
    if (!path.endsWith("/")) return fileDetails(files, existingPath(path));
    const folder = existingFolder(path);
    if (!(await foldersOf(catalogue, request).has(folder, { signal }))) {
      throw new TransferError("not-found", `Cannot find the folder "${folder}": no such folder`);
    }
    const count: FolderCount = await countFolder(files, `${folder}/`, { signal });
    return { folder: `${folder}/`, ...count };
  });
}

async function fileDetails(files: AccountStore, path: string): Promise<WireDetails> {
  const file = await files.stat(path);
  if (!file) throw new TransferError("not-found", `Cannot find "${path}": there is no such file`);
  const { account, arrived, door, md5, sha256 } = await files.digests(file);
  return {
    file: toWireFile(file),
    md5: md5 ?? undefined,
    sha256: sha256 ?? undefined,
    account: account ?? undefined,
    door: door ?? undefined,
    arrived: typeof arrived === "number" ? new Date(arrived).toISOString() : undefined,
    versions: (await files.versions?.keeps(file.path)) ?? false,
  };
}
