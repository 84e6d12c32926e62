/** Checksums by which the agent tells a re-chosen file from another. */

import { type AgentProof, type ByteRange, Crc64, MiB } from "@naru/core";

/** Read the ranges, a slice at a time, and give their CRC-64/NVME. */
export async function proveRanges(file: Blob, ranges: readonly ByteRange[]): Promise<readonly AgentProof[]> {
  const proofs: AgentProof[] = [];
  for (const { start, end } of ranges) {
    const crc = new Crc64();
    for (let at = start; at < end; at += MiB) {
      crc.update(new Uint8Array(await file.slice(at, Math.min(end, at + MiB)).arrayBuffer()));
    }
    proofs.push({ start, end, crc64: crc.hex() });
  }
  return proofs;
}
