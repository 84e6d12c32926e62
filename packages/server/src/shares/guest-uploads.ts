import type { CreateUpload, StoredFile, WirePartDigest, WireUpload } from "@naru/core";
import type { Holder } from "../uploads/holder.ts";
import type { Uploads } from "../uploads/uploads.ts";
import type { Deliveries, Sender } from "./deliveries.ts";

/** The calls about uploads that take or tell paths. */
export type UploadCalls = Pick<Uploads, "abort" | "complete" | "create" | "get" | "listMine" | "resume">;

export interface GuestUploadsOptions extends Sender {
  readonly uploads: UploadCalls;
  readonly deliveries: Deliveries;
  /** Where they go, with its final `/`; paths that the guest says and hears are below it. */
  readonly root: string;
}

/** Uploads as a guest of a request makes them: below one folder, as many as the link takes. */
export function guestUploads({ uploads, deliveries, root, ...sender }: GuestUploadsOptions): UploadCalls {
  const seen = (upload: WireUpload): WireUpload => ({ ...upload, path: below(root, upload.path) });
  return {
    create: async (wish: CreateUpload, by: Holder) => {
      const whole = { ...wish, path: root + wish.path };
      return seen(await deliveries.admit(sender, whole, () => uploads.create(whole, by)));
    },
    get: async (id, by) => seen(await uploads.get(id, by)),
    resume: async (id, by) => seen(await uploads.resume(id, by)),
    listMine: async (owner, options) => (await uploads.listMine(owner, options)).map(seen),
    complete: async (id: string, parts: readonly WirePartDigest[], by: Holder): Promise<StoredFile> => {
      const file = await uploads.complete(id, parts, by);
      await deliveries.arrived(id, file);
      return { ...file, path: below(root, file.path) };
    },
    abort: async (id, by) => {
      await uploads.abort(id, by);
      await deliveries.dropped(id);
    },
  };
}

function below(root: string, path: string): string {
  return path.startsWith(root) ? path.slice(root.length) : path;
}
