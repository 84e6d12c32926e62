import { hiddenFolder } from "@naru/core";

/** Where uploads wait, below the prefix. */
export function stageFolder(prefix: string): string {
  return `${prefix}${hiddenFolder}/uploads/`;
}

/** The blob in which one upload waits. */
export function stageName(id: string, prefix: string): string {
  return `${stageFolder(prefix)}${id}`;
}

/** Tell whether `id` is one that an upload can have. */
export function isUploadId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
}
