/** What a page does: sends frames under credit, and goes back when it is told so. */

import { KiB } from "@naru/core";
import type { Spool } from "../../src/spool/spool.ts";

const frameSize = 256 * KiB;

/** Feed until nothing is missing, or `stopAt` has been sent. */
export async function feed(spool: Spool, bytes: Uint8Array, { stopAt = bytes.length } = {}): Promise<void> {
  spool.attach();
  let { durable: sent, rewinds } = spool.grant;
  while (spool.missing.length > 0) {
    const { grant } = spool;
    if (grant.rewinds !== rewinds) {
      rewinds = grant.rewinds;
      sent = grant.durable;
    }
    const end = Math.min(sent + frameSize, grant.durable + grant.credit, bytes.length, stopAt);
    if (end > sent) {
      await spool.write(sent, bytes.subarray(sent, end));
      sent = end;
    } else if (sent >= stopAt && stopAt < bytes.length) return;
    else await changed(spool, grant);
  }
}

/** Wait until the grant is another one than `grant`. */
async function changed(spool: Spool, grant: Spool["grant"]): Promise<void> {
  await until(spool, () => JSON.stringify(spool.grant) !== JSON.stringify(grant) || spool.missing.length === 0);
}

/** Wait until something is so; it is looked at whenever the spool says that it has changed. */
export async function until(spool: Spool, isSo: () => boolean): Promise<void> {
  if (isSo()) return;
  await new Promise<void>((resolve) => {
    const stop = spool.onGrant(() => {
      if (!isSo()) return;
      stop();
      resolve();
    });
  });
}
