import type { Abortable } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";

const found = new WeakMap<BucketContext, Promise<boolean>>();

/**
 * Whether a store sends the whole file when `If-Range` names another content. Ceph sends the range, and a browser that resumes
 * mixes two contents. It is asked once, for a file that is there and not empty.
 */
export function heedsIfRange(context: BucketContext, key: string, options: Abortable): Promise<boolean> {
  const known = found.get(context);
  if (known) return known;
  const asked = ask(context, key, options);
  found.set(context, asked);
  asked.catch(() => found.delete(context));
  return asked;
}

async function ask(
  { endpoint, signer, wire, clock }: BucketContext,
  key: string,
  { signal }: Abortable,
): Promise<boolean> {
  const headers = { range: "bytes=0-0", "if-range": '"naru-asks"' };
  const answer = await clock.again(async () => {
    const { url } = await signer.presign(endpoint, { method: "GET", key });
    return wire.demand(url, { method: "GET", headers, signal, doing: `ask about ranges of "${key}"` });
  });
  await answer.body.dump();
  return answer.status === 200;
}
