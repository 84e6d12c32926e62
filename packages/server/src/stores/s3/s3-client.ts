import type { BucketAddress } from "./bucket-address.ts";
import { headerOf, spellAsS3 } from "./s3-answers.ts";
import { S3Client } from "./s3-sdk.ts";
import type { RequestSigner } from "./signer.ts";
import type { StoreClock } from "./store-clock.ts";

export interface S3ClientOptions extends Pick<BucketAddress, "style"> {
  readonly endpoint: string;
  readonly signer: RequestSigner;
  readonly clock: StoreClock;
}

/** The SDK's client, with our signatures, our retries and our clock. */
export function s3Client({ style, endpoint, signer, clock }: S3ClientOptions): S3Client {
  const client = new S3Client({
    endpoint,
    forcePathStyle: style === "path",
    // The signer has the keys and knows the region.
    region: "auto",
    credentials: { accessKeyId: "", secretAccessKey: "" },
    signer,
    // What failed is tried again here, by one policy, so that no failure is multiplied.
    maxAttempts: 1,
    // The clock is ours; theirs would try every refusal again while it is off.
    disableClockSkewCorrection: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 10_000,
      // Completing a large file takes minutes; nothing else comes near.
      requestTimeout: 900_000,
      httpsAgent: { maxSockets: 64 },
      // Ceph sends the head and the body of an answer one by one and, without `tcp_nodelay` in its configuration, the body
      // only when the head is acknowledged: at once on a new connection, after 40 ms on one that has been used.
      httpAgent: { maxSockets: 64, keepAlive: false },
    },
  });
  // The innermost step: it sees each answer as it comes, refusals too.
  client.middlewareStack.add(
    (next) => async (args) => {
      const noteTime = clock.timing();
      const result = await next(args);
      noteTime(headerOf(result.response, "date"), headerOf(result.response, "age"));
      spellAsS3(result.response);
      return result;
    },
    { step: "deserialize", priority: "low", name: "naruClock" },
  );
  return client;
}
