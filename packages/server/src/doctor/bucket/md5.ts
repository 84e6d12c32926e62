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
          `a part with another MD5 is refused: ${answerText(answer)}`,
          `MD5가 다른 파트를 거부합니다: ${answerText(answer)}`,
        ),
      );
    return failure(
      say(
        "a part whose bytes have another MD5 than its Content-MD5 is taken",
        "Content-MD5와 내용이 다른 파트를 받아들입니다",
      ),
      say(
        "Damage on the way is only noticed at the end. Let the proxy in front of the store pass the header Content-MD5; else use --route proxy, where Naru compares it.",
        "전송 중 손상을 끝에 가서야 알게 됩니다. 저장소 앞의 프록시가 Content-MD5 헤더를 전달하게 하십시오. 그래도 같다면 Naru가 직접 비교하는 --route proxy를 쓰십시오.",
      ),
    );
  },
};
