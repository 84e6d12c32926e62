import type { Body, CreateUpload, Part, StoredFile, WireReceipt, WireUpload } from "@naru/core";
import type { Caller } from "../catalogue/file-events.ts";
import type { Holder, PutPartOptions, Uploads } from "../uploads/uploads.ts";

/** The lease that a call is made under. */
export type Leased = Omit<Holder, "owner">;
export type PutOwnOptions = Omit<PutPartOptions, "owner">;

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
export function ownUploads(uploads: Uploads, { account: owner, door }: Caller): OwnUploads {
  return {
    create: (wish, options) => uploads.create(wish, { ...options, owner, door }),
    get: (id, options) => uploads.get(id, { ...options, owner, door }),
    resume: (id, options) => uploads.resume(id, { ...options, owner, door }),
    expect: (id, number, options) => uploads.expect(id, number, { ...options, owner, door }),
    put: (id, number, body, options) => uploads.put(id, number, body, { ...options, owner, door }),
    complete: (id, options) => uploads.complete(id, [], { ...options, owner, door }),
    abort: (id, options) => uploads.abort(id, { ...options, owner, door }),
  };
}
