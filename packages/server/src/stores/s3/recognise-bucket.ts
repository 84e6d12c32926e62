import { generic } from "../profiles/generic.ts";
import { profiles } from "../profiles/profiles.ts";
import type { Recognised } from "../profiles/recognised.ts";
import type { StoreProfile } from "../profiles/store-profile.ts";
import type { BucketContext } from "./bucket-context.ts";
import { textOf, type WireAnswer } from "./s3-wire.ts";

/** For all questions together: a server that starts waits for them. */
const patienceMs = 5000;

interface Answer extends Pick<WireAnswer, "header" | "status"> {
  readonly text: string;
}

type Ask = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

/**
 * Find out which store a bucket is in, by the name of its host or by what its answers look like: three requests at most, which
 * change nothing. A store that gives no sign is `generic`; of one that does not answer nothing is known.
 */
export async function recogniseBucket(context: BucketContext): Promise<Recognised | undefined> {
  const signal = AbortSignal.timeout(patienceMs);
  const { endpoint, wire } = context;
  const ask: Ask = async (url, headers) => {
    const answer = await wire.ask(url, { method: "GET", headers, signal, doing: "recognise the store" });
    return { status: answer.status, header: answer.header, text: await textOf(answer) };
  };
  try {
    const named = profiles.find(({ signs }) => signs.hosts?.test(endpoint.hostname));
    if (named !== undefined) return await withSettings(named, ask, endpoint);
    // Without a signature: what is in the headers does not depend on who asks.
    const root = await ask(new URL("/", endpoint).href);
    const shown = profiles.find((profile) => isShown(profile, root));
    if (shown !== undefined) return await withSettings(shown, ask, endpoint);
    return root.status >= 500 ? undefined : await byListing(context, ask);
  } catch {
    return undefined;
  }
}

function isShown({ signs }: StoreProfile, answer: Answer): boolean {
  return Object.entries(signs.headers ?? {}).some(([name, sign]) => sign.test(answer.header(name) ?? ""));
}

/** What a store publishes of its settings: of Swift, how many parts a file may have. */
async function withSettings({ name, signs }: StoreProfile, ask: Ask, endpoint: URL): Promise<Recognised> {
  if (signs.settings === undefined) return { name };
  const { status, text } = await ask(new URL(signs.settings, endpoint).href);
  const [, digits] = status === 200 ? (/"max_upload_part_num":\s*(\d{1,5})\b/.exec(text) ?? []) : [];
  return { name, maxParts: digits === undefined ? undefined : Number(digits) };
}

/** Ask with the key for one object of the bucket: gateways show themselves only there, and the older call is found out. */
async function byListing({ endpoint, signer }: BucketContext, ask: Ask): Promise<Recognised> {
  const query = { "list-type": "2", "max-keys": "1" };
  const { url, headers } = await signer.sign(endpoint, { method: "GET", key: "", query });
  const answer = await ask(url, headers);
  const shown = profiles.find((profile) => isShown(profile, answer));
  if (shown !== undefined) return withSettings(shown, ask, endpoint);
  // An answer to the newer call counts its keys; the older one has a marker instead.
  const isOlder = answer.status === 200 && !answer.text.includes("<KeyCount>") && /<Marker\b/.test(answer.text);
  return { name: generic.name, listing: isOlder || answer.status === 501 ? "v1" : undefined };
}
