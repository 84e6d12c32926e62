/** What an examination writes first, so that a later one knows what a killed process has left. */

import { randomUUID } from "node:crypto";

export const markerName: string = "examination.json";
const hour = 60 * 60 * 1000;

export function markerText(now: number): string {
  return JSON.stringify({ writtenBy: "naru doctor", id: randomUUID(), began: new Date(now).toISOString() });
}

/** Whether a text is such a marker, and so old that its examination must have ended. */
export function isOldMarker(text: string, ageMs: number): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("writtenBy" in value)) return false;
    return value.writtenBy === "naru doctor" && ageMs > hour;
  } catch {
    return false;
  }
}
