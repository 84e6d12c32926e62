import { failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, isFine, md5Of } from "./bucket-trial.ts";

/** A part whose MD5 is another than the one that came with it. */
export const md5: BucketCheck = {
  id: "md5",
  async run({ subject, workspace, signal }) {
    const key = workspace.key("md5");
    const { uploadId } = await workspace.create("md5", signal);
    const [signed, sent] = ["what was signed", "what is sent..."];
    const headers = { "content-length": String(sent.length), "content-md5": md5Of(signed) };
    const query = { partNumber: "1", uploadId };
    const [at = subject.endpoint] = subject.publicEndpoints;
    const url = await subject.presign(at, { method: "PUT", key, query, headers });
    const answer = await subject.send(url, { method: "PUT", headers, body: sent, signal });
    if (!isFine(answer))
      return ok(
        say(
          `a part whose MD5 does not match is refused: ${answerText(answer)}`,
          `MD5가 맞지 않는 파트를 거부합니다: ${answerText(answer)}`,
        ),
      );
    return failure(
      say("a part that does not match its Content-MD5 is accepted", "Content-MD5와 내용이 다른 파트를 받아들입니다"),
      say(
        "Damage on the way is noticed only at the end. Have the proxy in front of the store pass the header Content-MD5.",
        "전송 중에 손상된 내용을 끝에 가서야 알게 됩니다. 저장소 앞의 프록시가 Content-MD5 헤더를 전달하게 하십시오.",
      ),
    );
  },
};
