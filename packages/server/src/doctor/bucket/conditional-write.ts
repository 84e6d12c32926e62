import { failure, ok, warning } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, type BucketTrial, isFine } from "./bucket-trial.ts";
import { element } from "./xml.ts";

/** `If-None-Match: *` on a name that is taken: by one request, and at the end of an upload. */
export const conditionalWrite: BucketCheck = {
  id: "conditional-write",
  async run(trial) {
    const { subject, workspace, signal } = trial;
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
        `an existing file is not overwritten: PUT ${answerText(put)}, complete ${answerText(complete)}`,
        `이미 있는 파일을 덮어쓰지 않습니다: PUT ${answerText(put)}, 완료 ${answerText(complete)}`,
      );
      return ok(said);
    }
    const call = isFine(put) ? "PutObject" : "CompleteMultipartUpload";
    const { conditionalCreate, conditionalComplete, name } = subject.profile;
    if (await keepsVersions(trial))
      return warning(
        say(
          `If-None-Match is ignored on ${call} in this bucket, which keeps versions`,
          `버전을 보관하는 이 버킷에서는 ${call}의 If-None-Match를 무시합니다`,
        ),
        say(
          "What another program replaces stays as a version: restore it from the file's details.",
          "다른 프로그램이 덮어쓴 파일은 버전으로 남으니 파일 정보에서 되돌리십시오.",
        ),
      );
    if ((isFine(put) ? conditionalCreate : conditionalComplete).is === "honoured")
      return failure(
        say(
          `If-None-Match is ignored, although the profile "${name}" says that it is honoured`,
          `프로필 "${name}"에는 지킨다고 되어 있지만 If-None-Match를 무시합니다`,
        ),
        say(
          "Name the right profile in the store's URL: profile=NAME.",
          "저장소 URL에 맞는 프로필을 쓰십시오: profile=NAME.",
        ),
      );
    return warning(
      say(
        `If-None-Match is ignored on ${call}: an existing file is overwritten`,
        `${call}에서 If-None-Match를 무시하고 이미 있는 파일을 덮어씁니다`,
      ),
      say(
        "Keep other programs from writing where Naru keeps files; Naru's own writers exclude one another. A prefix of its own is enough: s3://BUCKET/naru?...",
        "다른 프로그램이 Naru의 파일과 같은 이름으로 쓰지 않게 하십시오. Naru 안에서는 같은 이름을 동시에 쓰는 일이 없습니다. Naru 전용 접두사를 쓰면 됩니다: s3://BUCKET/naru?...",
      ),
    );
  },
};

/** Ceph 16 heeds the condition only where no versions are kept. */
async function keepsVersions({ subject, signal }: BucketTrial): Promise<boolean> {
  const answer = await subject.ask({ method: "GET", query: { versioning: "" }, signal });
  return answer.text.includes("<Status>Enabled</Status>");
}
