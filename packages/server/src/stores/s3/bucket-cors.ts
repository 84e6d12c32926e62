import { createHash } from "node:crypto";
import { isTransferError, TransferError } from "@naru/core";
import type { StoreProfile } from "../profiles/store-profile.ts";
import type { BucketContext } from "./bucket-context.ts";

/** What one public endpoint says to a page of some origin. */
export interface CorsVerdict {
  /** Its origin. */
  readonly endpoint: string;
  readonly verdict: "admitted" | "refused" | "unreachable";
}

/** URLs, one on each public endpoint, of a part of an upload that never was: they show CORS and change nothing. */
export async function corsProbes({ signer, publicEndpoints, prefix }: BucketContext): Promise<string[]> {
  // No length is signed: Ceph answers a wrong signature without a word on CORS.
  const query = { partNumber: "1", uploadId: "none" };
  const request = { method: "PUT", key: `${prefix}naru-probe`, query } as const;
  const signed = publicEndpoints.map((endpoint) => signer.presign(endpoint, request));
  return (await Promise.all(signed)).map(({ url }) => url);
}

/** Ask each public endpoint, as a browser would, whether a page of `origin` may write parts. */
export async function askCors(context: BucketContext, origin: string): Promise<readonly CorsVerdict[]> {
  const probes = await corsProbes(context);
  return Promise.all(
    probes.map(async (url) => ({ endpoint: new URL(url).origin, verdict: await preflight(context, url, origin) })),
  );
}

/** Ask by one preflight whether a page of `origin` may write a part at `url`. */
export async function preflight(
  { wire }: Pick<BucketContext, "wire">,
  url: string,
  origin: string,
): Promise<CorsVerdict["verdict"]> {
  const headers = {
    origin,
    "access-control-request-method": "PUT",
    "access-control-request-headers": "content-md5",
  };
  const signal = AbortSignal.timeout(10_000);
  try {
    const answer = await wire.ask(url, { method: "OPTIONS", headers, signal, doing: "ask for CORS" });
    await answer.body.dump();
    const allowed = answer.header("access-control-allow-origin");
    const fine = answer.status >= 200 && answer.status < 300 && (allowed === "*" || allowed === origin);
    return fine ? "admitted" : "refused";
  } catch (error) {
    if (isTransferError(error) || signal.aborted) return "unreachable";
    throw error;
  }
}

/** Write CORS rules that admit pages of `origins`; what rules there were is replaced. */
export async function writeCors(
  { signer, wire, endpoint, clock, facts }: BucketContext,
  origins: readonly string[],
): Promise<void> {
  await facts.ready();
  const { corsApi, corsRules } = facts.profile;
  if (corsApi.is !== "bucket") throw noCorsCall(facts.profile);
  const body = corsXml[corsRules.is](origins);
  const md5 = createHash("md5").update(body).digest("base64");
  const doing = "write the bucket's CORS rules";
  const answer = await clock
    .again(async () => {
      const { url, headers } = await signer.sign(endpoint, {
        method: "PUT",
        key: "",
        query: { cors: "" },
        headers: { "content-md5": md5, "content-type": "application/xml" },
      });
      return wire.demand(url, { method: "PUT", headers, body, doing });
    })
    .catch((error: unknown) => {
      throw isTransferError(error) && error.code === "unsupported" ? noCorsCall(facts.profile, error) : error;
    });
  await answer.body.dump();
}

function noCorsCall({ corsElsewhere, title }: StoreProfile, cause?: unknown): TransferError {
  const where = corsElsewhere ?? "ask its vendor where CORS rules are set, or send through the server";
  const why = `this store (${title}) has no call for it; instead: ${where}`;
  return new TransferError("unsupported", `Cannot write the bucket's CORS rules: ${why}`, { cause });
}

const methods = ["PUT", "GET", "HEAD"];
const exposed = ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"];
const maxAgeSeconds = "3600";

/** CORS rules, as stores want them written. */
const corsXml: Readonly<Record<StoreProfile["corsRules"]["is"], (origins: readonly string[]) => string>> = {
  CORSConfiguration(origins) {
    const rules = [
      ...origins.map((origin) => tag("AllowedOrigin", origin)),
      ...methods.map((method) => tag("AllowedMethod", method)),
      tag("AllowedHeader", "*"),
      ...exposed.map((name) => tag("ExposeHeader", name)),
      tag("MaxAgeSeconds", maxAgeSeconds),
    ];
    return `<CORSConfiguration><CORSRule>${rules.join("")}</CORSRule></CORSConfiguration>`;
  },
  // Here one list says what a page may send and what it may read, and knows no `*`.
  CorsConfig(origins) {
    const headers = [...exposed, "Content-MD5", "Content-Type", "Range", "If-Match"];
    const rules = [
      list("Origins", "Origin", origins),
      list("Methods", "Method", methods),
      list("ResponseHeaders", "ResponseHeader", headers),
      tag("MaxAgeSec", maxAgeSeconds),
    ];
    return `<CorsConfig><Cors>${rules.join("")}</Cors></CorsConfig>`;
  },
};

function list(name: string, each: string, texts: readonly string[]): string {
  return `<${name}>${texts.map((text) => tag(each, text)).join("")}</${name}>`;
}

function tag(name: string, text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${escaped}</${name}>`;
}
