import { ok, warning } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, isFine, presignedPart } from "./bucket-trial.ts";

/** A harmless header that the address was not signed for. */
export const signedHeaders: BucketCheck = {
  id: "signed-headers",
  async run(trial) {
    const { subject, workspace, signal } = trial;
    const key = workspace.key("headers");
    const { uploadId } = await workspace.create("headers", signal);
    const body = "eight by";
    const { url, headers } = await presignedPart(trial, { key, uploadId }, body);
    const more = { ...headers, "x-amz-meta-naru-doctor": "unsigned" };
    const answer = await subject.send(url, { method: "PUT", headers: more, body, signal });
    if (!isFine(answer))
      return ok(
        say(
          `an unsigned x-amz-* header is refused: ${answerText(answer)}`,
          `서명하지 않은 x-amz-* 헤더를 거부합니다: ${answerText(answer)}`,
        ),
      );
    const [at = subject.endpoint] = subject.publicEndpoints;
    return warning(
      say(
        "unsigned x-amz-* headers are accepted; only the signed length and MD5 protect a part, so both checks must be ok",
        "서명하지 않은 x-amz-* 헤더를 받아들입니다. 서명한 길이와 MD5만 파트를 보호하므로 두 검사가 모두 ok여야 합니다",
      ),
      say(
        `The store has no setting for this. Have a proxy in front of ${at.host} drop the headers that Naru never sends. In nginx:`,
        `저장소 설정으로는 바꿀 수 없습니다. ${at.host} 앞의 프록시에서 Naru가 보내지 않는 헤더를 지우십시오. nginx의 경우:`,
      ),
      'proxy_set_header x-amz-copy-source "";\nproxy_set_header x-amz-copy-source-range "";',
    );
  },
};
