/**
 * `@tus/server` in front of a bucket, with the defaults of `@tus/s3-store`, until SIGTERM: `node tus-host.ts ADDRESS BUCKET`,
 * where BUCKET is JSON of `endpoint`, `accessKey`, `secretKey`, `bucket`. Says `ready ENDPOINT`.
 *
 * One setting of the AWS SDK is not its default: it sends a checksum behind a streamed body, without a length, which Ceph
 * refuses (411 MissingContentLength).
 */

import type { AddressInfo } from "node:net";
import { S3Store } from "@tus/s3-store";
import { Server } from "@tus/server";

const [address = "127.0.0.1", given = "{}"] = process.argv.slice(2);
// Written by servePeers() of peer-page.ts.
const store = JSON.parse(given) as { endpoint: string; accessKey: string; secretKey: string; bucket: string };
const datastore = new S3Store({
  s3ClientConfig: {
    bucket: store.bucket,
    endpoint: store.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: { accessKeyId: store.accessKey, secretAccessKey: store.secretKey },
  },
});
const server = new Server({ path: "/files", datastore }).listen(0, address, () => {
  // A TCP server's address is an AddressInfo.
  console.log(`ready http://${address}:${(server.address() as AddressInfo).port}/files`);
});
process.once("SIGTERM", () => {
  server.closeAllConnections();
  server.close();
});
