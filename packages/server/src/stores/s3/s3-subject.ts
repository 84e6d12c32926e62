import type { BucketSubject, RawAnswer, RawRequest } from "../../examined-store.ts";
import { objectAddress } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import type { SigningKey } from "./signature-v4.ts";
import { type SignedRequest, Signer } from "./signer.ts";

export interface SubjectOptions {
  readonly keys: () => Promise<SigningKey>;
  /** Where browsers reach the bucket, as the operator gave it; empty when that is no other place. */
  readonly publicEndpoints?: readonly string[] | undefined;
  /** This machine's time. */
  readonly now?: (() => number) | undefined;
}

const longestText = 1024 * 1024;

/** What a bucket lends to be examined by: its own signer and its own connections. */
export function bucketSubject(context: BucketContext, options: SubjectOptions): BucketSubject {
  const { bucket, prefix, endpoint, signer, clock } = context;
  const { keys, publicEndpoints = [], now = Date.now } = options;
  const service = new Signer({ bucket: "", style: "path", keys, now: () => clock.now() });
  const urlOf = (at: URL, key: string): string => {
    const { protocol, hostname, port, path } = objectAddress(at, context, key);
    return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`;
  };

  async function send(url: string, request: Omit<RawRequest, "key" | "query">): Promise<RawAnswer> {
    const { method, headers, body, signal } = request;
    const answer = await context.wire.ask(url, { method, headers, body, signal, doing: "examine the bucket" });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > longestText) break;
    }
    return { status: answer.status, header: answer.header, text: Buffer.concat(chunks).toString("utf8") };
  }

  async function asked(sign: () => Promise<SignedRequest>, request: RawRequest): Promise<RawAnswer> {
    const { corrections } = clock;
    const once = async (): Promise<RawAnswer> => {
      const { url, headers } = await sign();
      return send(url, { ...request, headers });
    };
    const answer = await once();
    // What was signed at the wrong time is refused, and the refusal tells the right one.
    return answer.status === 403 && corrections !== clock.corrections ? once() : answer;
  }

  const toSign = ({ method, key = "", query, headers }: RawRequest) => ({ method, key, query, headers });
  return {
    kind: "bucket",
    get profile() {
      return context.facts.profile;
    },
    title: `${bucket}${prefix === "" ? "" : `/${prefix.slice(0, -1)}`} at ${endpoint.origin}`,
    bucket,
    prefix,
    // As the scope of a signature names it: day, region, service.
    region: async () => (await keys()).scope("").split("/")[1] ?? "",
    endpoint,
    address: new URL(urlOf(endpoint, "")),
    publicEndpoints: publicEndpoints.map((url) => new URL(url)),
    now,
    ask: (request) => asked(() => signer.sign(endpoint, toSign(request)), request),
    askService: (request) => asked(() => service.sign(endpoint, toSign(request)), request),
    presign: async (at, request) => (await signer.presign(at, { ...toSign(request), lifeSeconds: 600 })).url,
    send,
    urlOf,
  };
}
