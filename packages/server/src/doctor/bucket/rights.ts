import type { RawAnswer } from "../../examined-store.ts";
import { type Finding, failure, ok, warning } from "../check.ts";
import { markerName } from "../marker.ts";
import { say, type Words } from "../words.ts";
import { answerText, type BucketCheck, type BucketTrial, isFine } from "./bucket-trial.ts";
import { toolOf } from "./commands.ts";
import { textsIn } from "./xml.ts";

/** What the key may do: what Naru needs, what it needs not, and what anybody may without a key. */
export const rights: BucketCheck = {
  id: "rights",
  async run(trial) {
    const { subject, workspace, signal } = trial;
    const listed = await subject.ask({ method: "GET", query: { prefix: workspace.folder, "max-keys": "1" }, signal });
    const unknown = badKey(listed);
    if (unknown !== undefined) return { ...unknown, stops: true };
    const written = await workspace.begin(signal);
    const lack = (rights: readonly string[], answer: RawAnswer): Finding => ({
      ...missing(trial, rights, answer),
      stops: true,
    });
    if (!isFine(written)) return lack(["s3:PutObject"], written);
    const removed = await workspace.remove(markerName, signal);
    if (!isFine(removed)) return lack(["s3:DeleteObject"], removed);
    await workspace.begin(signal);
    const needed: readonly (readonly [string, RawAnswer])[] = [
      ["s3:ListBucket", listed],
      ["s3:GetObject", await subject.ask({ method: "GET", key: workspace.key(markerName), signal })],
      [
        "s3:ListBucketMultipartUploads",
        await subject.ask({ method: "GET", query: { uploads: "", prefix: workspace.folder }, signal }),
      ],
    ];
    const lacking = needed.filter(([, answer]) => answer.status === 403);
    const [first] = lacking;
    if (first !== undefined)
      return lack(
        lacking.map(([right]) => right),
        first[1],
      );
    return (
      (await open(trial)) ??
      (await tooWide(trial)) ??
      ok(
        say(
          "can read, write, list and remove; nothing wider was found",
          "읽기, 쓰기, 목록, 삭제가 되고 그보다 넓은 권한은 보이지 않습니다",
        ),
      )
    );
  },
};

/** Why a key is none, in the words of the store. */
function badKey(answer: RawAnswer): Finding | undefined {
  const [code = ""] = textsIn(answer.text, "Code");
  const correct = say(
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key of this store.",
    "AWS_ACCESS_KEY_ID와 AWS_SECRET_ACCESS_KEY에 이 저장소의 키를 지정하십시오.",
  );
  const said: Readonly<Record<string, Words>> = {
    InvalidAccessKeyId: say("the store does not know this access key", "저장소에 없는 액세스 키입니다"),
    SignatureDoesNotMatch: say(
      "the secret key does not belong to this access key",
      "비밀 키가 이 액세스 키와 맞지 않습니다",
    ),
    ExpiredToken: say("the temporary key has expired", "임시 키가 만료되었습니다"),
    InvalidToken: say("the session token is not valid", "세션 토큰이 올바르지 않습니다"),
  };
  const words = said[code];
  return words && failure(say(`${words.en} (${answerText(answer)})`, `${words.ko}(${answerText(answer)})`), correct);
}

function missing({ subject }: BucketTrial, rights: readonly string[], answer: RawAnswer): Finding {
  const list = rights.join(", ");
  return failure(
    say(
      `the key lacks ${list}: the store answers ${answerText(answer)}`,
      `키에 ${list} 권한이 없습니다(저장소 응답 ${answerText(answer)})`,
    ),
    say("Give the key the rights that Naru needs.", "Naru에 필요한 권한을 키에 주십시오."),
    toolOf(subject).policy(subject),
  );
}

/** What anybody may do who has no key at all. */
async function open({ subject, workspace, signal }: BucketTrial): Promise<Finding | undefined> {
  const bare = async (method: "GET" | "PUT", key: string, body?: string): Promise<boolean> => {
    const headers = body === undefined ? {} : { "content-length": String(body.length) };
    return isFine(await subject.send(subject.urlOf(subject.endpoint, key), { method, headers, body, signal }));
  };
  const [reads, lists, writes] = [
    await bare("GET", workspace.key(markerName)),
    await bare("GET", ""),
    await bare("PUT", workspace.key("anonymous"), "x"),
  ];
  if (!reads && !lists && !writes) return undefined;
  const en = [reads && "read", lists && "list", writes && "write"].filter((one) => one !== false).join(", ");
  const ko = [reads && "읽기", lists && "목록 보기", writes && "쓰기"].filter((one) => one !== false).join(", ");
  return failure(
    say(`anybody can ${en} here without a key`, `키 없이 누구나 ${ko}를 할 수 있습니다`),
    say("Remove the bucket's public policy or ACL.", "버킷의 공개 정책이나 ACL을 없애십시오."),
    `aws s3api delete-bucket-policy --endpoint-url ${subject.endpoint.origin} --bucket ${subject.bucket}\naws s3api put-bucket-acl --endpoint-url ${subject.endpoint.origin} --bucket ${subject.bucket} --acl private`,
  );
}

/** Only by reading: that a key may remove a bucket or write its policy is not tried. */
async function tooWide({ subject, signal }: BucketTrial): Promise<Finding | undefined> {
  const [buckets, policy, acl] = await Promise.all([
    subject.askService({ method: "GET", signal }),
    subject.ask({ method: "GET", query: { policy: "" }, signal }),
    subject.ask({ method: "GET", query: { acl: "" }, signal }),
  ]);
  const others = isFine(buckets) ? textsIn(buckets.text, "Name").filter((name) => name !== subject.bucket).length : 0;
  const readsPolicy = isFine(policy) || policy.text.includes("NoSuchBucketPolicy");
  const wide = [
    others > 0 && say(`see the names of ${others} other buckets`, `다른 버킷 ${others}개의 이름 보기`),
    readsPolicy && say("read the bucket's policy", "버킷 정책 읽기"),
    isFine(acl) && say("read the bucket's ACL", "버킷 ACL 읽기"),
  ].filter((one) => one !== false);
  if (wide.length === 0) return undefined;
  return warning(
    say(
      `wider than needed: the key can also ${wide.map(({ en }) => en).join(", ")}`,
      `필요 이상의 권한이 있습니다: ${wide.map(({ ko }) => ko).join(", ")}`,
    ),
    say(
      "If the key is the owner's, it can also remove the bucket and change its policy (not tried). Give Naru a key of its own with only these rights:",
      "소유자의 키라면 버킷 삭제와 정책 변경도 할 수 있습니다(시험하지 않음). 아래 권한만 있는 Naru 전용 키를 쓰십시오.",
    ),
    toolOf(subject).policy(subject),
  );
}
