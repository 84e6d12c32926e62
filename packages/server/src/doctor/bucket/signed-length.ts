import { failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, isFine } from "./bucket-trial.ts";

/** More bytes than an address was signed for. */
export const signedLength: BucketCheck = {
  id: "signed-length",
  async run({ subject, workspace, signal }) {
    const key = workspace.key("length");
    const { uploadId } = await workspace.create("length", signal);
    const [at = subject.endpoint] = subject.publicEndpoints;
    const query = { partNumber: "1", uploadId };
    const url = await subject.presign(at, { method: "PUT", key, query, headers: { "content-length": "8" } });
    const answer = await subject.send(url, {
      method: "PUT",
      headers: { "content-length": "9" },
      body: "nine byte",
      signal,
    });
    if (!isFine(answer))
      return ok(
        say(
          `a part of another length than was signed is refused: ${answerText(answer)}`,
          `서명한 길이와 다른 파트를 거부합니다: ${answerText(answer)}`,
        ),
      );
    return failure(
      say("a part longer than its address was signed for is accepted", "서명한 길이보다 긴 파트를 받아들입니다"),
      say(
        "A client that has the address of a part can store more than it was granted. A proxy in front of the store must not sign requests itself or set Content-Length.",
        "파트 주소를 가진 사람이 허용보다 많은 양을 쓸 수 있습니다. 저장소 앞의 프록시가 요청에 다시 서명하거나 Content-Length를 바꾸지 않게 하십시오.",
      ),
    );
  },
};
