/**
 * A store that is not believed.
 *
 * @module
 */

import { Crc64, combineAllCrc64 } from "../crc64.ts";
import { TransferError } from "../errors.ts";
import type { Body, Part, PutOptions, Receipt, Store, StoredFile, Upload } from "../store.ts";
import { wrapStore } from "./wrap-store.ts";

/**
 * Check what goes to a store and what it says about it: bodies against their digests as they pass, receipts against the parts
 * they are for, the finished file against its size and, where both sides know it, its CRC-64.
 */
export function verifyStore(store: Store): Store {
  return wrapStore(store, {
    upload: (inner) => {
      const sums = new Map<number, { readonly crc64: string; readonly part: Part }>();
      return {
        put: async (part, body, options = {}) => {
          const { receipt, crc64 } = await putVerified(inner, part, body, options);
          sums.set(part.number, { crc64, part });
          return receipt;
        },
        complete: async (options = {}) => {
          const file = await inner.complete(options);
          checkFile(file, inner, sums);
          return file;
        },
      };
    },
  });
}

type Sums = ReadonlyMap<number, { readonly crc64: string; readonly part: Part }>;

async function putVerified(
  inner: Upload,
  part: Part,
  body: Body,
  options: PutOptions,
): Promise<{ readonly receipt: Receipt; readonly crc64: string }> {
  let sum = new Crc64();
  const stream = (): ReturnType<Body["stream"]> => {
    sum = new Crc64();
    return body.stream().pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          sum.update(chunk);
          controller.enqueue(chunk);
        },
      }),
    );
  };
  const receipt = await inner.put(part, { size: body.size, stream }, options);
  const crc64 = sum.hex();
  const { number, offset, size } = receipt.part;
  if (number !== part.number || offset !== part.offset || size !== part.size) {
    throw new TransferError("internal", `Cannot believe the receipt of part "${part.number}": it is for another part`);
  }
  for (const said of [options.digest?.crc64, receipt.digest?.crc64]) {
    if (said !== undefined && said !== crc64) {
      throw new TransferError(
        "checksum-mismatch",
        `Cannot put part "${part.number}": its body is not what its digest says`,
      );
    }
  }
  return { receipt, crc64 };
}

function checkFile(file: StoredFile, { spec }: Upload, sums: Sums): void {
  if (spec.size !== undefined && file.size !== spec.size) {
    throw new TransferError("internal", `Cannot believe "${file.path}": it has ${file.size} bytes, not ${spec.size}`);
  }
  const parts = [...sums.values()].toSorted((a, b) => a.part.number - b.part.number);
  const isWhole = parts.reduce((bytes, { part }) => bytes + part.size, 0) === file.size;
  if (file.crc64 === undefined || !isWhole) return;
  const crc64 = combineAllCrc64(parts.map((sum) => ({ crc64: sum.crc64, size: sum.part.size })));
  if (crc64 !== file.crc64) {
    throw new TransferError("checksum-mismatch", `Cannot believe "${file.path}": it is not what was sent`);
  }
}
