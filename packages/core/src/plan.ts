/**
 * The part plan: how a file is cut. It is fixed when an upload is created and never changes.
 *
 * @module
 */

import { TransferError } from "./errors.ts";
import type { Limits, Part } from "./store.ts";
import { GiB, KiB, MiB } from "./units.ts";

/** What of a store's limits decides the plan. */
export type PlanLimits = Pick<Limits, "minPartSize" | "maxPartSize" | "maxParts" | "maxSize">;

/**
 * Choose the size of every part but the last: near `wish` (or what suits the size), within `limits`.
 * Without a size (SFTP, FTP) the typical size is chosen.
 *
 * @throws {TransferError} `too-large` if no plan of `limits.maxParts` parts holds `size` bytes
 */
export function choosePartSize(size: number | undefined, limits: PlanLimits, wish?: number): number {
  checkSize(size ?? 0, limits);
  const least = Math.max(limits.minPartSize, 1);
  const wished = Math.min(Math.max(wish ?? typicalPartSize(size), least), limits.maxPartSize);
  const needed = Math.ceil((size ?? 0) / limits.maxParts);
  if (needed <= wished) return wished;
  if (needed > limits.maxPartSize) throw tooLarge(size ?? 0);
  return Math.min(Math.ceil(needed / MiB) * MiB, limits.maxPartSize);
}

/**
 * Cut `size` bytes into parts of `partSize`, the last one smaller; an empty file is one empty part.
 *
 * @throws {TransferError} `invalid` if `partSize` is outside `limits`, `too-large` if it makes too many parts
 */
export function planParts(size: number, partSize: number, limits: PlanLimits): readonly Part[] {
  checkSize(size, limits);
  const most = Math.min(limits.maxPartSize, Number.MAX_SAFE_INTEGER);
  if (!Number.isSafeInteger(partSize) || partSize < 1 || partSize > most) {
    throw new TransferError("invalid", `Cannot cut parts of "${partSize}": a part has 1 to ${most} bytes`);
  }
  const count = countParts(size, partSize);
  if (count > 1 && partSize < limits.minPartSize) {
    throw new TransferError(
      "invalid",
      `Cannot cut parts of "${partSize}": a part has at least ${limits.minPartSize} bytes`,
    );
  }
  if (count > limits.maxParts) throw tooLarge(size);
  return planOf(size, partSize);
}

/** Count the parts of a file; an empty file has one. */
export function countParts(size: number, partSize: number): number {
  return Math.max(1, Math.ceil(size / partSize));
}

/** Find one part of the plan; a number outside it is `undefined`. */
export function partAt(size: number, partSize: number, number: number): Part | undefined {
  if (!Number.isSafeInteger(number) || number < 1 || number > countParts(size, partSize)) return undefined;
  return cut(size, partSize, number);
}

/** Cut a file whose part size is settled, whatever its store can bear; an empty file is one empty part. */
export function planOf(size: number, partSize: number): readonly Part[] {
  return Array.from({ length: countParts(size, partSize) }, (_, index) => cut(size, partSize, index + 1));
}

function cut(size: number, partSize: number, number: number): Part {
  const offset = (number - 1) * partSize;
  return { number, offset, size: Math.min(partSize, size - offset) };
}

function typicalPartSize(size: number | undefined): number {
  if (size === undefined) return 16 * MiB;
  if (size <= 256 * MiB) return evenPartSize(size);
  if (size <= 2 * GiB) return 16 * MiB;
  if (size <= 64 * GiB) return 32 * MiB;
  return 64 * MiB;
}

/**
 * A small file travels on several connections too; on a lossy line, where each carries as little as the other, best in
 * whole rounds of six, as many as browsers open, or of their multiples.
 */
function evenPartSize(size: number): number {
  const count = Math.min(Math.floor(size / (5 * MiB)), 24);
  const even = count < 6 ? Math.max(count, 1) : count - (count % 6);
  return Math.max(Math.ceil(size / even / grain) * grain, 5 * MiB);
}

const grain = 64 * KiB;

function checkSize(size: number, limits: PlanLimits): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new TransferError("invalid", `Cannot plan a file of "${size}" bytes: a size is a whole number from 0`);
  }
  if (size > limits.maxSize) throw tooLarge(size);
}

function tooLarge(size: number): TransferError {
  return new TransferError(
    "too-large",
    `Cannot plan a file of "${size}" bytes: the store does not take files this large`,
  );
}
