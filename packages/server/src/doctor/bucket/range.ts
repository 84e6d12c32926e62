import { failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck } from "./bucket-trial.ts";

/** Ranges and `If-Match`, by which downloads resume. */
export const range: BucketCheck = {
  id: "range",
  async run({ subject, workspace, signal }) {
    await workspace.put("range", "0123456789", signal);
    const read = async (headers: Record<string, string>) => {
      const url = await subject.presign(subject.publicEndpoints[0] ?? subject.endpoint, {
        method: "GET",
        key: workspace.key("range"),
      });
      return subject.send(url, { method: "GET", headers, signal });
    };
    const some = await read({ range: "bytes=2-4" });
    const etag = some.header("etag") ?? "";
    const same = await read({ range: "bytes=5-9", "if-match": etag });
    const other = await read({ range: "bytes=0-0", "if-match": '"00000000000000000000000000000000"' });
    const beyond = await read({ range: "bytes=10-19" });
    const isRead = some.status === 206 && some.text === "234" && some.header("content-range") === "bytes 2-4/10";
    const faults = [
      !isRead && `bytes=2-4: ${answerText(some)}`,
      same.text !== "56789" && `If-Match: ${answerText(same)}`,
      other.status !== 412 && `If-Match (other etag): ${answerText(other)}`,
      beyond.status !== 416 && `bytes=10-19 (10 bytes): ${answerText(beyond)}`,
    ].filter((one) => one !== false);
    if (faults.length === 0)
      return ok(say("ranges are read exactly, and If-Match is enforced", "범위를 정확히 읽고 If-Match를 지킵니다"));
    return failure(
      say(
        `ranges are not read as RFC 9110 has it: ${faults.join("; ")}`,
        `범위 읽기가 RFC 9110과 다릅니다: ${faults.join(", ")}`,
      ),
      say(
        "Downloads cannot resume safely. Have the proxy or cache in front of the store pass Range and If-Match, and compress nothing.",
        "안전하게 이어받을 수 없습니다. 저장소 앞의 프록시나 캐시가 Range와 If-Match를 그대로 전달하고 압축하지 않게 하십시오.",
      ),
    );
  },
};
