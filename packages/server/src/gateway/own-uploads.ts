import type { Body, CreateUpload, Part, StoredFile, WireReceipt, WireUpload } from "@naru/core";
import type { Holder, PutPartOptions } from "../uploads/holder.ts";
import type { Uploads } from "../uploads/uploads.ts";

/** The lease that a call is made under. */
export type Leased = Omit<Holder, "owner" | "rights">;
export type PutOwnOptions = Omit<PutPartOptions, "owner" | "rights">;

/** Uploads by numbered parts, as one signed-in client may make them: `Uploads`, with the owner given. */
export interface OwnUploads {
  create(wish: CreateUpload, options: Leased): Promise<WireUpload>;
  get(id: string, options: Leased): Promise<WireUpload>;
  /** Take the lease over. */
  resume(id: string, options: Leased): Promise<WireUpload>;
  /** Find the part that a body is to be, before the body comes. */
  expect(id: string, number: number, options: Leased): Promise<Part>;
  put(id: string, number: number, body: Body, options: PutOwnOptions): Promise<WireReceipt>;
  complete(id: string, options: Leased): Promise<StoredFile>;
  abort(id: string, options: Leased): Promise<void>;
}

/** The uploads of one account, by one door. */
export function ownUploads(uploads: Uploads, who: Pick<Holder, "owner" | "door" | "rights">): OwnUploads {
  return {
    create: (wish, options) => uploads.create(wish, { ...options, ...who }),
    get: (id, options) => uploads.get(id, { ...options, ...who }),
    resume: (id, options) => uploads.resume(id, { ...options, ...who }),
    expect: (id, number, options) => uploads.expect(id, number, { ...options, ...who }),
    put: (id, number, body, options) => uploads.put(id, number, body, { ...options, ...who }),
    complete: (id, options) => uploads.complete(id, [], { ...options, ...who }),
    abort: (id, options) => uploads.abort(id, { ...options, ...who }),
  };
}
