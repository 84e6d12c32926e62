import type { FileAttrs, NamedFile } from "./packets.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const halfYearMs = (365 * 24 * 60 * 60 * 1000) / 2;

/** Name a file as a line of `ls -l`, which clients show as it is. Times are UTC. */
export function namedFile(name: string, attrs: FileAttrs, { owner, now }: { owner: string; now: number }): NamedFile {
  const mode = attrs.kind === "folder" ? "drwxr-xr-x    2" : "-rw-r--r--    1";
  // A blank in an owner's name would shift the columns for those who parse them.
  const who = owner.replaceAll(/\s/g, "_").padEnd(8);
  const size = String(attrs.size).padStart(12);
  return { name, longname: `${mode} ${who} ${"naru".padEnd(8)} ${size} ${when(attrs.modified, now)} ${name}`, attrs };
}

function when(time: Date, now: number): string {
  const day = `${months[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`;
  const recent = Math.abs(now - time.getTime()) < halfYearMs;
  return recent ? `${day} ${time.toISOString().slice(11, 16)}` : `${day}  ${time.getUTCFullYear()}`;
}
