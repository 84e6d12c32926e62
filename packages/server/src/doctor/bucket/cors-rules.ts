/** The CORS rule that Naru's page needs, put before those that others made. */

import type { BucketSubject, RawAnswer } from "../../examined-store.ts";
import type { Repair } from "../check.ts";
import { say } from "../words.ts";
import { answerText, isFine, md5Of } from "./bucket-trial.ts";
import { type CorsRule, corsXml } from "./commands.ts";
import { elementsIn, textsIn } from "./xml.ts";

/** What a browser sends with a part, and with a range that it reads. */
export const sentHeaders = { PUT: "content-md5", GET: "if-match,range" } as const;
export const exposedHeaders: readonly string[] = ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"];

export function ruleFor(origin: string): CorsRule {
  return { origin, methods: ["PUT", "GET", "HEAD"], allowed: ["*"], exposed: exposedHeaders };
}

/** What `--fix` writes: the first rule that fits is the one that counts, so ours comes first; all others stay. */
export async function corsRepair(
  subject: BucketSubject,
  origins: readonly string[],
  signal: AbortSignal,
): Promise<Repair | undefined> {
  // Google has the same call, with rules that are written otherwise.
  if (subject.profile.corsApi.is !== "bucket" || subject.profile.speaks !== "s3") return undefined;
  const now = await subject.ask({ method: "GET", query: { cors: "" }, signal });
  // What cannot be read as S3's rules cannot be kept.
  const isReadable = isFine(now)
    ? now.text.includes("<CORSConfiguration")
    : now.text.includes("NoSuchCORSConfiguration");
  if (!isReadable) return undefined;
  const ids = origins.map((origin) => `naru:${origin}`);
  const found = elementsIn(isFine(now) ? now.text : "", "CORSRule");
  const others = found.filter((rule) => !ids.includes(textsIn(rule, "ID")[0] ?? ""));
  const ours = origins.map((origin) => corsXml(ruleFor(origin)));
  const writes = `<CORSConfiguration>\n  ${[...ours, ...others].join("\n  ")}\n</CORSConfiguration>`;
  const kept = others.length;
  return {
    what: say(
      `the bucket's CORS rules (${kept} other rules are kept)`,
      `버킷의 CORS 규칙(다른 규칙 ${kept}개는 그대로 둡니다)`,
    ),
    writes,
    apply: (stop) => writeConfiguration(subject, "cors", { writes, found }, stop),
  };
}

const ruleNames = { cors: "CORSRule", lifecycle: "Rule" } as const;

/** What is written, and the rules that it was made of. */
export interface NewRules {
  readonly writes: string;
  readonly found: readonly string[];
}

/**
 * Write what a bucket has one of, as long as it still has the rules that were found: somebody may have taken minutes to agree.
 *
 * @throws when the store refuses it, or has other rules meanwhile
 */
export async function writeConfiguration(
  subject: BucketSubject,
  which: "cors" | "lifecycle",
  { writes: body, found }: NewRules,
  signal: AbortSignal,
): Promise<void> {
  const now = await subject.ask({ method: "GET", query: { [which]: "" }, signal });
  if (elementsIn(isFine(now) ? now.text : "", ruleNames[which]).join("") !== found.join(""))
    throw new Error(`Cannot write the bucket's ${which} rules: others have changed them meanwhile; run this again`);
  const headers = {
    "content-type": "application/xml",
    "content-md5": md5Of(body),
    "content-length": String(Buffer.byteLength(body)),
  };
  const answer: RawAnswer = await subject.ask({ method: "PUT", query: { [which]: "" }, headers, body, signal });
  if (!isFine(answer))
    throw new Error(`Cannot write the bucket's ${which} rules: the store answers ${answerText(answer)}`);
}
