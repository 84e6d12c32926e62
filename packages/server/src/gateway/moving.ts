import { type Abortable, type ConflictPolicy, TransferError } from "@naru/core";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { FillingPart } from "./filling-part.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { planSizes } from "./part-sizes.ts";
import { publishUpload } from "./publishing.ts";
import { resumeKept } from "./resume-kept.ts";

/** Give a closed file that waited its final name. Where its upload leads to anyway, nothing is copied. */
export async function publishAs(
  context: GatewayContext,
  record: ArrivalRecord,
  to: string,
  { conflict, signal }: Abortable & { readonly conflict: ConflictPolicy },
): Promise<void> {
  const resumed = await resumeKept(context, record);
  if (!resumed) throw new TransferError("not-found", `Cannot move "${record.name}": it is gone`);
  const { kept, receipts, tail, upload } = resumed;
  const filling = new FillingPart({
    context,
    kept,
    receipts,
    tail: tail.pieces,
    sizes: planSizes(context.store.limitsFor(record.path), { fixed: record.part_size }),
    modified: () => undefined,
    onFailure: () => undefined,
  });
  try {
    const { name, path: key } = record;
    const modified = record.modified === null ? upload.spec.modified : new Date(record.modified);
    await publishUpload(context, { kept, filling, name, key, modified }, { to, conflict, signal });
  } finally {
    filling.close();
  }
}
