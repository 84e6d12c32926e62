/** Uppy 6 on the page, signed for as Uppy 5 is. */

import { uppy6 as upload } from "@naru/bench-uppy6";
import { signRequest } from "./signer.ts";

export function uppy6(files: readonly File[], prefix: string): Promise<void> {
  return upload(files, prefix, signRequest);
}
