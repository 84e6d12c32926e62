/**
 * A store on a server where a file can only grow (SFTP, FTP). Parts come one after another into a file with a name of
 * its own, so that its size proves which have come; `complete` renames it.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import {
  type Abortable,
  choosePartSize,
  maxPathBytes,
  normalizePath,
  planParts,
  type Store,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import { decodeId, type GrowingSpec, unknownUpload } from "./growing-id.ts";
import type { GrowingRemote } from "./growing-remote.ts";
import { GrowingUpload } from "./growing-upload.ts";

/** Make and find uploads on a server. */
export function growingStore(remote: GrowingRemote): Pick<Store, "create" | "resume"> {
  async function create(spec: UploadSpec, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    const path = normalizePath(spec.path);
    const partSize = choosePartSize(spec.size, remote.limits, spec.partSize);
    if (spec.size !== undefined) planParts(spec.size, partSize, remote.limits);
    const full: GrowingSpec = { ...spec, path, partSize, token: randomBytes(4).toString("hex") };
    const waiting = remote.waitingName(path, full.token);
    // Ours among those servers refuses it, in a way that looks as if the line was cut.
    if (new TextEncoder().encode(waiting).length > maxPathBytes)
      throw new TransferError("invalid", `Cannot use the path "${path}": there is no room for its temporary name`);
    await remote.make(waiting, { signal });
    return new GrowingUpload(full, remote);
  }

  async function resume(id: string, { signal }: Abortable = {}): Promise<Upload> {
    signal?.throwIfAborted();
    const spec = decodeId(id);
    const size = await remote.size(remote.waitingName(spec.path, spec.token), { signal });
    if (size === undefined) throw unknownUpload(id);
    return new GrowingUpload(spec, remote);
  }

  return { create, resume };
}
