import { azureScheme } from "./azure-scheme.ts";
import { fileScheme } from "./file-scheme.ts";
import { gcsScheme } from "./gcs-scheme.ts";
import { s3Scheme } from "./s3-scheme.ts";
import type { StoreScheme } from "./store-scheme.ts";

/** Every kind of store that a URL can name, by its scheme. */
export const storeSchemes: Readonly<Record<string, StoreScheme>> = {
  file: fileScheme,
  s3: s3Scheme,
  azure: azureScheme,
  gcs: gcsScheme,
};
