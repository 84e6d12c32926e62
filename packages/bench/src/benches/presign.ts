import { type Benchmark, MiB } from "../benchmark.ts";
import { contest, type Sample } from "../contest.ts";
import { startGoogleFront } from "../google-front.ts";
import type { Naru } from "../naru.ts";
import { cpuSecondsOf } from "../process-use.ts";
import { signWithAws, signWithGoogle } from "../signing-peers.ts";

const parts = 10_000;
const perCall = 1_000;

export const presign: Benchmark = {
  name: "presign",
  about: "10,000 part URLs from a running server: its CPU time, HTTP and ledger included; the vendors' libraries alone",
  rounds: 3,
  async run(room) {
    const { s3, name } = await room.bucket();
    const { endpoint, keyFile } = room.keep(await startGoogleFront(s3, room.options.host));
    const hmac = { GCS_ACCESS_KEY_ID: s3.accessKey, GCS_SECRET_ACCESS_KEY: s3.secretKey };
    const onS3 = await room.naruOnBucket();
    const byHmac = await room.naru(`gcs://${name}?${new URLSearchParams({ endpoint: s3.endpoint })}`, { env: hmac });
    const env = { GOOGLE_APPLICATION_CREDENTIALS: keyFile };
    const byAccount = await room.naru(`gcs://${name}?${new URLSearchParams({ endpoint })}`, { env });
    const [second, two] = [1, 2].map((atMost) => ({ atMost, of: "cpuSeconds" }));
    const competitors = [
      { name: "naru serve, S3", target: second, run: () => signAll(onS3) },
      { name: "naru serve, GCS by an HMAC key", target: second, run: () => signAll(byHmac) },
      { name: "naru serve, GCS by a service account", target: two, run: () => signAll(byAccount) },
      { name: "@aws-sdk/s3-request-presigner alone", run: () => signWithAws(parts) },
      { name: "@google-cloud/storage alone", run: () => signWithGoogle(parts, keyFile) },
    ];
    return [await contest("10,000 part URLs", competitors, room.options)];
  },
};

async function signAll(naru: Naru): Promise<Sample> {
  const spec = { path: "presign.bin", size: parts * 16 * MiB, partSize: 16 * MiB };
  const upload = (await call(naru, "POST", "/api/uploads", spec)) as { id: string; epoch: number };
  const cpuBefore = cpuSecondsOf(naru.pid);
  const start = performance.now();
  let signed = 0;
  for (let first = 1; first <= parts; first += perCall) {
    const wanted = Array.from({ length: perCall }, (_, i) => ({ number: first + i, md5: digest(first + i) }));
    const answer = await call(naru, "POST", `/api/uploads/${upload.id}/parts`, { parts: wanted }, upload.epoch);
    signed += (answer as { parts: unknown[] }).parts.length;
  }
  const seconds = (performance.now() - start) / 1000;
  const cpuSeconds = cpuSecondsOf(naru.pid) - cpuBefore;
  await call(naru, "DELETE", `/api/uploads/${upload.id}`, undefined, upload.epoch);
  return { seconds, cpuSeconds, notes: { URLs: signed } };
}

function digest(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** The answers come from our own server of the same run. */
async function call(naru: Naru, method: string, path: string, body?: object, epoch?: number): Promise<unknown> {
  const headers = {
    authorization: naru.basicAuth,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(epoch === undefined ? {} : { "naru-epoch": String(epoch) }),
  };
  const answer = await fetch(`${naru.origin}${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Cannot ${method} "${path}": ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
