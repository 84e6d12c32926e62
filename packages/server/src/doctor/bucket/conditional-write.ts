import { ok, warning } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, isFine } from "./bucket-trial.ts";
import { element } from "./xml.ts";

/** `If-None-Match: *` on a name that is taken: by one request, and at the end of an upload. */
export const conditionalWrite: BucketCheck = {
  id: "conditional-write",
  async run({ subject, workspace, signal }) {
    const onlyNew = { "if-none-match": "*" };
    await workspace.put("condition", "first", signal);
    const put = await workspace.put("condition", "second", signal, onlyNew);
    const key = workspace.key("condition");
    const { uploadId } = await workspace.create("condition", signal);
    const part = await subject.ask({
      method: "PUT",
      key,
      query: { partNumber: "1", uploadId },
      headers: { "content-length": "5" },
      body: "third",
      signal,
    });
    const fields = `${element("PartNumber", "1")}${element("ETag", part.header("etag") ?? "")}`;
    const body = `<CompleteMultipartUpload><Part>${fields}</Part></CompleteMultipartUpload>`;
    const headers = {
      ...onlyNew,
      "content-length": String(Buffer.byteLength(body)),
      "content-type": "application/xml",
    };
    const complete = await subject.ask({ method: "POST", key, query: { uploadId }, headers, body, signal });
    const read = await subject.ask({ method: "GET", key, signal });
    if (read.text === "third") workspace.forget(uploadId);
    if (read.text === "first") {
      const said = say(
        `a name that is taken is not overwritten: PUT ${answerText(put)}, complete ${answerText(complete)}`,
        `이미 있는 이름을 덮어쓰지 않습니다: PUT ${answerText(put)}, 완료 ${answerText(complete)}`,
      );
      return ok(said);
    }
    const how = isFine(put) ? "PUT" : "complete";
    return warning(
      say(
        `If-None-Match is ignored on ${how === "PUT" ? "PutObject" : "CompleteMultipartUpload"}: a name that is taken is overwritten`,
        `${how === "PUT" ? "PutObject" : "CompleteMultipartUpload"}에서 If-None-Match를 무시하고 이미 있는 이름을 덮어씁니다`,
      ),
      say(
        "Let no other program write the names below which Naru keeps files; Naru's own writers exclude one another. A prefix of its own does: s3://BUCKET/naru?...",
        "Naru가 파일을 두는 이름 아래에는 다른 프로그램이 쓰지 않게 하십시오. Naru끼리는 서로 겹치지 않습니다. 전용 접두사를 두면 됩니다: s3://BUCKET/naru?...",
      ),
    );
  },
};
