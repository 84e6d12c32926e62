import { isUsablePath } from "@naru/core";

/** Name the folder of who sends, by the name that they gave; `otherwise` where that cannot be one. */
export function senderFolder(name: string, otherwise: string): string {
  const clean = name
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}/\\:*?"<>|]+/gu, " ")
    .replace(/\s+/gu, " ")
    .replace(/^[. ]+|[. ]+$/gu, "")
    .slice(0, 60)
    .trimEnd();
  return clean !== "" && isUsablePath(clean) ? clean : `sender-${otherwise}`;
}
