import { type Abortable, isTransferError } from "@naru/core";
import type { FileVersions } from "../../served-store.ts";
import { existingKeyOf } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { copyObject } from "./copy-object.ts";
import { readObject } from "./s3-files.ts";
import { storedFile } from "./s3-metadata.ts";

/** An operator may switch it while the server runs. */
const rememberMs = 60_000;

/** What the objects of a bucket with versioning were. */
export function versionsOf(context: BucketContext): FileVersions {
  const { control, prefix } = context;
  let known: { readonly until: number; readonly keeps: Promise<boolean> } | undefined;

  function keeps(): Promise<boolean> {
    if (known && known.until > performance.now()) return known.keeps;
    // A key may be good for objects only, and some stores do not know the question: then nothing is offered.
    const asked = control.keepsVersions().catch(() => false);
    known = { until: performance.now() + rememberMs, keeps: asked };
    return asked;
  }

  return {
    keeps,
    list: (path, options) => control.versions(existingKeyOf(path, prefix), options),
    async stat(path, version, options: Abortable = {}) {
      try {
        return storedFile(path, await control.head(existingKeyOf(path, prefix), { ...options, version }));
      } catch (error) {
        // A version that never was is a bad request to some.
        if (isTransferError(error) && ["not-found", "invalid"].includes(error.code)) return undefined;
        throw error;
      }
    },
    read: (path, version, options) => readObject(context, path, { ...options, version }),
    async restore(path, version, options: Abortable = {}) {
      const key = existingKeyOf(path, prefix);
      const head = await control.head(key, { ...options, version });
      const copied = await copyObject(context, { from: key, to: key, head, version }, options);
      return { ...storedFile(path, copied), crc64: copied.crc64 ?? head.crc64 };
    },
  };
}
