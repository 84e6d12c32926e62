import type { PartDigest, Receipt, UploadSpec } from "@naru/core";
import { isPlanned } from "../part-coverage.ts";
import type { BlockList } from "./blob-answers.ts";
import { type BlockId, md5In, readBlockId } from "./block-id.ts";

/** A part that the service holds, as the block that is it. */
export interface StagedPart extends BlockId {
  readonly size: number;
}

/** The blocks of a blob that are parts, by number; of several of one part, the one that was begun last. */
export function stagedParts({ committed, uncommitted }: BlockList): readonly StagedPart[] {
  const newest = new Map<number, StagedPart>();
  for (const { id, size } of [...committed, ...uncommitted]) {
    const block = readBlockId(id);
    if (block === undefined) continue;
    const other = newest.get(block.number);
    if (other === undefined || other.stamp <= block.stamp) newest.set(block.number, { ...block, size });
  }
  return [...newest.values()].sort((a, b) => a.number - b.number);
}

/** A receipt, and the block that it stands for. */
export interface StagedReceipt extends Receipt {
  readonly id: string;
}

/** Blocks that fit the plan; others are as good as missing, since sending them again replaces them. */
export function receiptsOf(
  parts: readonly StagedPart[],
  spec: UploadSpec,
  digestOf: (part: StagedPart) => Partial<PartDigest> | undefined,
): readonly StagedReceipt[] {
  let end = 0;
  return parts.flatMap((staged) => {
    const { number, size, etag, id } = staged;
    const offset = spec.partSize === undefined ? end : (number - 1) * spec.partSize;
    const part = { number, offset, size };
    end = offset + size;
    if (!isPlanned(part, spec)) return [];
    const md5 = md5In(etag);
    const digest = digestOf(staged) ?? (md5 === undefined ? undefined : { md5 });
    return [{ part, etag, digest, id }];
  });
}
