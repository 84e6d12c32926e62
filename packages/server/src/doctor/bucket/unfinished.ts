import { failure, ok, warning } from "../check.ts";
import { say, type Words } from "../words.ts";
import { answerText, type BucketCheck, isFine } from "./bucket-trial.ts";
import { lifecycleXml, toolOf } from "./commands.ts";
import { writeConfiguration } from "./cors-rules.ts";
import { elementsIn, textsIn } from "./xml.ts";

const day = 24 * 60 * 60 * 1000;

/** For how long the store keeps unfinished uploads, beside for how long Naru lets them be resumed. */
export const unfinishedLife: BucketCheck = {
  id: "unfinished-life",
  async run({ subject, workspace, uploadDays, signal }) {
    const begun = await workspace.create("life", signal);
    if (begun.uploadId === "")
      return failure(
        say(`cannot create an upload: ${answerText(begun)}`, `업로드를 만들 수 없습니다: ${answerText(begun)}`),
        say("See multipart.", "multipart 항목을 보십시오."),
      );
    const until = Date.parse(begun.header("x-amz-abort-date") ?? "");
    const told = (until - Date.parse(begun.header("date") ?? "")) / day;
    const days = Number.isNaN(told) ? subject.profile.unfinishedDays.is : Math.floor(told);
    if (days === undefined)
      return ok(
        say(
          `the store keeps unfinished uploads until they are ended; Naru ends its own after ${uploadDays} days`,
          `저장소는 끝나지 않은 업로드를 계속 보관하며, Naru는 자기 업로드를 ${uploadDays}일 뒤에 중단합니다`,
        ),
      );
    const message: Words = say(
      `the store ends unfinished uploads after ${days} days, Naru after ${uploadDays}`,
      `끝나지 않은 업로드를 저장소는 ${days}일, Naru는 ${uploadDays}일 뒤에 중단합니다`,
    );
    if (days >= uploadDays) return ok(message);
    return warning(
      message,
      say(
        `An upload that is resumed later starts over. Have the store keep them for ${ruleDays(uploadDays)} days.`,
        `그 뒤에 이어 올리면 처음부터 다시 보냅니다. 저장소가 ${ruleDays(uploadDays)}일 동안 보관하게 하십시오.`,
      ),
      toolOf(subject).lifecycle(subject, ruleDays(uploadDays)),
    );
  },
};

/** A rule of the bucket that ends what no Naru is there any more to end. */
export const lifecycle: BucketCheck = {
  id: "lifecycle",
  async run({ subject, uploadDays, signal }) {
    if (!subject.profile.abortRule.is)
      return ok(
        say(
          "this store has no such rule; Naru ends its unfinished uploads itself",
          "이 저장소에는 그런 규칙이 없으며, Naru가 자기 업로드를 스스로 중단합니다",
        ),
      );
    const now = await subject.ask({ method: "GET", query: { lifecycle: "" }, signal });
    const rules = elementsIn(isFine(now) ? now.text : "", "Rule");
    if (rules.some((rule) => covers(rule, subject.prefix)))
      return ok(say("a rule ends forgotten uploads", "방치된 업로드를 중단하는 규칙이 있습니다"));
    const isReadable = isFine(now) || now.text.includes("NoSuchLifecycleConfiguration");
    const message = isReadable
      ? say("no rule ends forgotten uploads", "방치된 업로드를 중단하는 규칙이 없습니다")
      : say(`the rules cannot be read: ${answerText(now)}`, `규칙을 읽을 수 없습니다: ${answerText(now)}`);
    const days = ruleDays(uploadDays);
    const found = warning(
      message,
      say(
        "Naru ends its own uploads; the rule is for the time after Naru is gone. Let naru doctor --fix add it, or set it yourself (this replaces all existing rules):",
        "Naru는 자기 업로드를 스스로 중단합니다. 이 규칙은 Naru를 더 쓰지 않게 된 뒤를 위한 것입니다. naru doctor --fix로 추가하거나, 다음 명령으로 직접 설정하십시오(기존 규칙은 모두 대체됩니다).",
      ),
      toolOf(subject).lifecycle(subject, days),
    );
    // Google has the same call, with rules that are written otherwise.
    if (!isReadable || subject.profile.speaks !== "s3") return found;
    const others = rules.filter((rule) => textsIn(rule, "ID")[0] !== "naru-unfinished");
    const writes = `<LifecycleConfiguration>\n  ${[lifecycleXml(subject, days), ...others].join("\n  ")}\n</LifecycleConfiguration>`;
    const what = say(
      `the bucket's lifecycle rules (${others.length} other rules are kept): uploads ${subject.prefix === "" ? "of the whole bucket" : `below "${subject.prefix}"`} end after ${days} days`,
      `버킷의 수명 주기 규칙(다른 규칙 ${others.length}개는 그대로 둡니다): ${subject.prefix === "" ? "버킷 전체의" : `"${subject.prefix}" 아래의`} 업로드를 ${days}일 뒤에 중단합니다`,
    );
    return {
      ...found,
      repair: {
        what,
        writes,
        apply: (stop) => writeConfiguration(subject, "lifecycle", { writes, found: rules }, stop),
      },
    };
  },
};

function covers(rule: string, prefix: string): boolean {
  const [of = ""] = textsIn(rule, "Prefix");
  // Google's rules have no status.
  const [status = "Enabled"] = textsIn(rule, "Status");
  const isOn = status === "Enabled" && !rule.includes("<Tag>");
  return isOn && rule.includes("<AbortIncompleteMultipartUpload") && prefix.startsWith(of);
}

/** A rule counts from the beginning of an upload, Naru from its last part: a file that takes days must not be cut off. */
function ruleDays(uploadDays: number): number {
  return 2 * uploadDays;
}
