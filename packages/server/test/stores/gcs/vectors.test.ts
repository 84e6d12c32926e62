/** Google's published vectors for V4 signatures (`README.md`): the same signature, and the same parameters. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { serviceAccountKey } from "../../../src/stores/gcs/service-account.ts";
import { encodeKey } from "../../../src/stores/s3/bucket-address.ts";
import { presignV4 } from "../../../src/stores/s3/signature-v4.ts";

interface Vector {
  readonly description: string;
  readonly bucket: string;
  readonly object?: string;
  readonly method: string;
  readonly expiration: string;
  readonly timestamp: string;
  readonly expectedUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queryParameters?: Readonly<Record<string, string>>;
  readonly urlStyle?: "VIRTUAL_HOSTED_STYLE" | "BUCKET_BOUND_HOSTNAME";
}

const key = serviceAccountKey(readFileSync(new URL("service-account.json", import.meta.url), "utf8"));
const { signingV4Tests } = JSON.parse(readFileSync(new URL("v4-signatures.json", import.meta.url), "utf8")) as {
  readonly signingV4Tests: readonly Vector[];
};

test("all 29 vectors are there", () => {
  expect(signingV4Tests).toHaveLength(29);
});

for (const vector of signingV4Tests) {
  test(`signs as Google does: ${vector.description}`, async () => {
    const { method, bucket, object, headers = {}, queryParameters: query = {}, timestamp, expiration } = vector;
    const expected = new URL(vector.expectedUrl);
    const names = [...(vector.urlStyle === undefined ? [bucket] : []), ...(object === undefined ? [] : [object])];
    const small = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const request = {
      method,
      path: `/${names.map(encodeKey).join("/")}`,
      query,
      // Google's libraries sign no port; what is sent has one, and so has what `Signer` signs.
      headers: { ...Object.fromEntries(small), host: expected.hostname },
    };
    const signed = await presignV4(key, request, { date: new Date(timestamp), lifeSeconds: Number(expiration) });
    expect(request.path).toBe(expected.pathname);
    expect(parameters(signed)).toEqual(parameters(expected.search.slice(1)));
  });
}

/** As they are spelt; of the name of one, Google's libraries do not agree. */
function parameters(query: string): string[] {
  return query
    .split("&")
    .map((pair) => pair.replace(/^x-goog-signature=/, "X-Goog-Signature="))
    .toSorted();
}
