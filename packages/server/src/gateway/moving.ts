import { type Abortable, TransferError } from "@naru/core";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { type MoveFileOptions, moveHeld } from "../uploads/move-file.ts";
import { taken } from "../uploads/path-claims.ts";
import { FillingPart } from "./filling-part.ts";
import type { GatewayPlace } from "./gateway-place.ts";
import { planSizes } from "./part-sizes.ts";
import { publishHeld } from "./publishing.ts";
import { resumeKept } from "./resume-kept.ts";

/** Give a closed file that waited its final name. Where its upload leads to anyway, nothing is copied. */
export function publishAs(
  place: GatewayPlace,
  record: ArrivalRecord,
  to: string,
  { replace = true, signal }: MoveFileOptions,
): Promise<void> {
  return place.ledger.paths.aloneAtBoth(record.path, to, async () => {
    if (!replace && (await place.store.stat(to, { signal }))) throw taken(to);
    await publishAsHeld(place, record, to, { signal });
  });
}

async function publishAsHeld(
  place: GatewayPlace,
  record: ArrivalRecord,
  to: string,
  options: Abortable,
): Promise<void> {
  const { store } = place;
  const inWay = record.path === to ? undefined : await store.stat(record.path, options);
  const aside = `${record.path}.naru-${record.id.slice(0, 8)}`;
  // It can appear at its own name only; who stands there steps aside meanwhile.
  if (inWay) await moveHeld(place, record.path, aside, options);
  try {
    await publishKept(place, record, options);
    if (record.path !== to) await moveHeld(place, record.path, to, options);
  } finally {
    if (inWay) await moveHeld(place, aside, record.path, options);
  }
}

async function publishKept(place: GatewayPlace, record: ArrivalRecord, options: Abortable): Promise<void> {
  const resumed = await resumeKept(place, record);
  if (!resumed) throw new TransferError("not-found", `Cannot move "${record.name}": it is gone`);
  const { kept, receipts, tail, upload } = resumed;
  const filling = new FillingPart({
    ...{ place, kept, receipts, tail: tail.pieces },
    sizes: planSizes(place.store.limits, { fixed: record.part_size }),
    modified: () => undefined,
    onFailure: () => undefined,
  });
  try {
    const modified = record.modified === null ? upload.spec.modified : new Date(record.modified);
    await publishHeld(place, { kept, filling, name: record.name, key: record.path, modified }, options);
    place.digests.delete(record.id);
  } finally {
    filling.close();
  }
}
