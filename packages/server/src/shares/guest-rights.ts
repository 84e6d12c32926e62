import { type Right, Rights } from "../catalogue/rights.ts";
import type { ShareRow } from "../database/tables/shares.ts";

export interface GuestRightsOptions {
  /** What the owner of the link may do at this moment: a guest may never do more. */
  readonly within: Rights;
  readonly now: () => number;
}

/** What a guest may do: read what is shared, or send into one folder, where nothing shows and nothing is replaced. */
export function guestRights(share: ShareRow, folder: string, { within, now }: GuestRightsOptions): Rights {
  const until = share.expires;
  const right: Right =
    share.kind === "share"
      ? { prefix: share.path.normalize("NFC"), may: new Set(["list", "read"]), until }
      : { prefix: folder.normalize("NFC"), may: new Set(["write"]), until };
  return new Rights([right], { now, within });
}

/** The folder that paths of a guest are below: the names above it are nothing to them. */
export function guestRoot(share: ShareRow, folder: string): string {
  if (share.kind === "request") return folder;
  return share.path.slice(0, share.path.lastIndexOf("/") + 1);
}
