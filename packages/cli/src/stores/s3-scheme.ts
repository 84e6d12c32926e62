/** `s3://BUCKET[/PREFIX]?endpoint=&region=&style=&publicEndpoint=&profile=&equalParts=1&maxParts=&leavesParts=1`. */

import { profileOf, profiles, type StoreProfile } from "@naru/server/store-profiles";
import { rememberHere } from "./recognised-stores.ts";
import {
  endpointOf,
  flagIn,
  onlyFields,
  prefixOf,
  type StoreAddress,
  type StoreScheme,
  wrongUrl,
} from "./store-scheme.ts";

interface S3Address extends StoreAddress {
  readonly kind: "s3";
  readonly bucket: string;
  /** What every key begins with: empty, or with a final `/`. */
  readonly prefix: string;
  readonly endpoint: string;
  readonly region: string;
  readonly style: "path" | "virtual";
  readonly publicEndpoints: readonly string[];
  /** Which store it is, when that was said. */
  readonly profile?: StoreProfile | undefined;
  /** Every part of a file but the last must have the same size, whatever the profile says. */
  readonly equalParts: boolean;
  /** How many parts the store takes of a file, when it is not what the profile says. */
  readonly maxParts?: number | undefined;
  /** Overwriting leaves the parts of the old file behind, whatever the profile says. */
  readonly leavesParts: boolean;
}

const fields: readonly string[] = [
  "endpoint",
  "region",
  "style",
  "publicEndpoint",
  "profile",
  "equalParts",
  "maxParts",
  "leavesParts",
];

const ofThisProcess = rememberHere();

/** What S3 takes, and no store more. */
const mostParts = 10_000;

function read(text: string): S3Address {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") throw wrongUrl(text, "it names no bucket");
  if (url.username !== "" || url.password !== "") {
    throw wrongUrl(text, "keys belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  const query = url.searchParams;
  onlyFields(text, query, fields);
  const region = query.get("region") ?? "us-east-1";
  const endpoint = query.get("endpoint");
  const style = query.get("style") ?? (endpoint === null ? "virtual" : "path");
  if (style !== "path" && style !== "virtual") {
    throw wrongUrl(text, `the style is "path" or "virtual", not "${style}"`);
  }
  return {
    kind: "s3",
    bucket: url.hostname,
    prefix: prefixOf(text, url),
    endpoint: endpointOf(text, endpoint ?? `https://s3.${region}.amazonaws.com`),
    region,
    style,
    publicEndpoints: query.getAll("publicEndpoint").map((one) => endpointOf(text, one)),
    profile: profileIn(text, query.get("profile")),
    equalParts: flagIn(text, query, "equalParts"),
    maxParts: maxPartsIn(text, query.get("maxParts")),
    leavesParts: flagIn(text, query, "leavesParts"),
  };
}

function profileIn(text: string, name: string | null): StoreProfile | undefined {
  if (name === null) return undefined;
  const profile = profileOf(name);
  if (profile?.speaks === "s3") return profile;
  const names = profiles.filter(({ speaks }) => speaks === "s3").map((one) => one.name);
  throw wrongUrl(text, `"${name}" is not one of the profiles ${names.join(", ")}`);
}

function maxPartsIn(text: string, value: string | null): number | undefined {
  if (value === null) return undefined;
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > mostParts) {
    throw wrongUrl(text, `maxParts is how many parts the store takes of a file, 1 to ${mostParts}, not "${value}"`);
  }
  return number;
}

export const s3Scheme: StoreScheme = {
  form: "s3://BUCKET?endpoint=...",
  keys: {
    accessKeyEnv: "AWS_ACCESS_KEY_ID",
    secretKeyEnv: "AWS_SECRET_ACCESS_KEY",
    sessionTokenEnv: "AWS_SESSION_TOKEN",
    profile: "AWS_PROFILE",
    file: "AWS_SHARED_CREDENTIALS_FILE",
  },
  read,
  async open(url, { env, note, recognised = ofThisProcess } = {}) {
    const { kind: _, equalParts, maxParts, leavesParts, ...address } = read(url);
    const [{ s3Store }, { awsCredentials }] = await Promise.all([
      import("@naru/server/s3-store"),
      import("../aws-credentials.ts"),
    ]);
    const known = recognised.get(url);
    const store = s3Store({
      ...address,
      limits: { ...(equalParts && { equalParts }), ...(maxParts !== undefined && { maxParts }) },
      ...(leavesParts && { leavesParts }),
      credentials: awsCredentials(env),
      recognition: {
        known,
        onRecognised: (found) => {
          recognised.keep(url, found);
          note?.(foundText(address.bucket, store.profile));
        },
      },
    });
    await store.recognise();
    const isUnknown = address.profile === undefined && recognised.get(url) === undefined;
    if (isUnknown)
      note?.(
        `The store of "${address.bucket}" does not answer; it is recognised at the next upload, unless profile=NAME in its URL names it`,
      );
    else if (known !== undefined) note?.(foundText(address.bucket, store.profile));
    return store;
  },
};

function foundText(bucket: string, { name, title }: StoreProfile): string {
  return `The store of "${bucket}" uses profile=${name} (${title}); to change it, set profile=NAME in its URL`;
}
