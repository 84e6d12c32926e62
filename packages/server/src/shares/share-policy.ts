/** What the operator decides about links. */
export interface SharePolicy {
  /** How many days a link may last. */
  readonly maxDays: number;
  /** How much of a guest's address the log keeps: its network (`203.0.113.0`), all of it, or nothing. */
  readonly addresses: "short" | "full" | "none";
}

export const defaultSharePolicy: SharePolicy = { maxDays: 90, addresses: "short" };
/** How long a link lasts when nothing is said. */
export const defaultShareDays = 7;

/** An address as far as the policy keeps it. */
export function keptAddress(address: string, { addresses }: SharePolicy): string {
  if (addresses === "none") return "";
  if (addresses === "full") return address;
  const ipv4 = /^(\d+\.\d+\.\d+)\.\d+$/u.exec(address)?.[1];
  if (ipv4 !== undefined) return `${ipv4}.0`;
  // The first 48 bits are one site's.
  const groups = address.split("::", 1)[0]?.split(":") ?? [];
  return `${groups.slice(0, 3).join(":")}::`;
}
