import { TransferError } from "@naru/core";
import { type MoveFileOptions, moveHeld } from "../catalogue/move-file.ts";
import { taken } from "../catalogue/path-claims.ts";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
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
    signal?.throwIfAborted();
    await publishAsHeld(place, record, to);
  });
}

/** Once begun it is done to its end, though the client leaves: meanwhile files are not under their names. */
async function publishAsHeld(place: GatewayPlace, record: ArrivalRecord, to: string): Promise<void> {
  const { path, name, id } = record;
  const inWay = path === to ? undefined : await place.store.stat(path);
  const aside = `${path}.naru-${id.slice(0, 8)}`;
  // It can appear at its own name only; who stands there steps aside meanwhile.
  if (inWay) await moveHeld(place, path, aside);
  try {
    await publishKept(place, record);
    if (path !== to) await moveOn(place, path, { to, name });
  } finally {
    // Not over what could not be moved on.
    if (inWay) await moveHeld(place, aside, path, { replace: false });
  }
}

/** Where it cannot have its final name it has the one that its owner knows, and can be renamed again. */
async function moveOn(
  place: GatewayPlace,
  path: string,
  { to, name }: { readonly to: string; readonly name: string },
): Promise<void> {
  try {
    await moveHeld(place, path, to);
  } catch (error) {
    await moveHeld(place, path, name).catch((err: unknown) => {
      place.log.warn({ path, name, err }, "cannot give a file its temporary name back");
    });
    throw error;
  }
}

async function publishKept(place: GatewayPlace, record: ArrivalRecord): Promise<void> {
  const resumed = await resumeKept(place, record);
  if (!resumed) throw new TransferError("not-found", `Cannot move "${record.name}": it is gone`);
  const { kept, receipts, tail, upload } = resumed;
  const filling = new FillingPart({
    ...{ place, kept, receipts, tail: tail.pieces },
    sizes: planSizes(place.store.limitsFor(record.path), { fixed: record.part_size }),
    modified: () => undefined,
    onFailure: () => undefined,
  });
  try {
    const modified = record.modified === null ? upload.spec.modified : new Date(record.modified);
    await publishHeld(place, { kept, filling, name: record.name, key: record.path, modified }, {});
    place.digests.delete(record.id);
  } finally {
    filling.close();
  }
}
