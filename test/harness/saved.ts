import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Download } from "playwright-core";

/** Take the SHA-256 of what a browser has saved. */
export async function savedSha256(download: Download): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(await download.path())) hash.update(chunk);
  return hash.digest("hex");
}
