import type { Schema } from "@naru/core";
import { settingsSchema } from "./settings-schema.ts";

/** The JSON Schema of the settings, for editors: `docs/naru.schema.json`. */
export function editorSchema(): Schema & { readonly $schema: string } {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "naru.yaml",
    description: "Settings of `naru serve`. Flags win over them.",
    ...settingsSchema,
  };
}
