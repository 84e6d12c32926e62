/** What an examination writes first, so that a later one knows what a killed process has left. */

import { randomUUID } from "node:crypto";

export const markerName: string = "examination.json";
/** No examination takes so long. */
export const usualStaleMs: number = 60 * 60 * 1000;

export function markerText(now: number): string {
  return JSON.stringify({ writtenBy: "naru doctor", id: randomUUID(), began: new Date(now).toISOString() });
}

/** Whether a text is such a marker. */
export function isMarker(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "writtenBy" in value && value.writtenBy === "naru doctor";
  } catch {
    return false;
  }
}
