import { type CreateUpload, TransferError } from "@naru/core";
import type { ShareRow } from "../database/tables/shares.ts";
import { typesOf } from "./wire-share.ts";

/** What a link still takes; without a number, any. */
export interface Room {
  readonly bytes: number | undefined;
  readonly files: number | undefined;
}

type Wish = Pick<CreateUpload, "path" | "size" | "type">;

/** @throws {TransferError} `forbidden` for a type that a link does not take; `too-large`; `no-space` */
export function checkAllowed(share: ShareRow, { path, size, type }: Wish, room: Room): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!isAllowedType(name, type, typesOf(share))) {
    throw new TransferError("forbidden", `Cannot send "${name}": files of this type are not wanted here`);
  }
  if (share.max_file_size !== null && size > share.max_file_size) {
    throw new TransferError("too-large", `Cannot send "${name}": a file may have ${share.max_file_size} bytes at most`);
  }
  if (room.files === 0) throw new TransferError("no-space", `Cannot send "${name}": the link takes no more files`);
  if (room.bytes !== undefined && size > room.bytes) {
    throw new TransferError("no-space", `Cannot send "${name}": the link takes ${room.bytes} more bytes only`);
  }
}

/** By its name and by what its sender says of it: what is in it, nobody has looked at. */
function isAllowedType(name: string, type: string | undefined, types: readonly string[]): boolean {
  if (types.length === 0) return true;
  const lower = name.toLowerCase();
  const media = type?.toLowerCase() ?? "";
  return types.some((one) => {
    const wanted = one.trim().toLowerCase();
    if (!wanted.includes("/")) return lower.endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`);
    return wanted.endsWith("/*") ? media.startsWith(wanted.slice(0, -1)) : media === wanted;
  });
}
