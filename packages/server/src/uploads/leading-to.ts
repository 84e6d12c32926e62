import type { Upload } from "@naru/core";
import type { UploadRow } from "../database/tables/uploads.ts";
import { gone } from "./upload-checks.ts";

/**
 * The upload of a row as the store has it. Who holds a signed address may be able to change what the store notes of it: where
 * it leads is what the ledger says.
 *
 * @throws {TransferError} `not-found` when it leads elsewhere
 */
export function leadingTo({ id, path }: Pick<UploadRow, "id" | "path">, upload: Upload): Upload {
  if (upload.spec.path !== path) throw gone(id);
  return upload;
}
