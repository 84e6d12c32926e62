import type { RawAnswer } from "../../examined-store.ts";
import { type Finding, failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, type BucketTrial, isFine, presignedPart } from "./bucket-trial.ts";
import { element, elementsIn, textsIn } from "./xml.ts";

const body = "a part\n";

/** Create, part, list, complete, and read; and, on another upload, an end without a file. */
export const multipart: BucketCheck = {
  id: "multipart",
  async run(trial) {
    return (
      (await completed(trial)) ??
      (await aborted(trial)) ??
      ok(say("create, write parts, list, complete and abort work", "생성, 파트 쓰기, 목록, 완료, 중단이 모두 됩니다"))
    );
  },
};

async function completed(trial: BucketTrial): Promise<Finding | undefined> {
  const { subject, workspace, signal } = trial;
  const key = workspace.key("multipart");
  const begun = await workspace.create("multipart", signal);
  const { uploadId } = begun;
  if (uploadId === "") return fault("create an upload", "업로드 생성", begun);
  const { url, headers } = await presignedPart(trial, { key, uploadId }, body);
  const sent = await subject.send(url, { method: "PUT", headers, body, signal });
  if (!isFine(sent)) return fault("write a part by a presigned address", "서명된 주소로 파트 쓰기", sent);
  const listed = await workspace.partsOf(key, uploadId, signal);
  const [part = ""] = elementsIn(listed.text, "Part");
  if (!isFine(listed) || textsIn(part, "Size")[0] !== String(body.length))
    return fault("list the parts", "파트 목록", listed);
  const etag = textsIn(part, "ETag")[0] ?? sent.header("etag") ?? "";
  const xml = `<CompleteMultipartUpload><Part>${element("PartNumber", "1")}${element("ETag", etag)}</Part></CompleteMultipartUpload>`;
  const length = { "content-length": String(Buffer.byteLength(xml)), "content-type": "application/xml" };
  const done = await subject.ask({ method: "POST", key, query: { uploadId }, headers: length, body: xml, signal });
  if (!isFine(done) || done.text.includes("<Error>")) return fault("complete an upload", "업로드 완료", done);
  workspace.forget(uploadId);
  const read = await subject.ask({ method: "GET", key, signal });
  return read.text === body ? undefined : fault("read what was completed", "완료한 파일 읽기", read);
}

async function aborted({ subject, workspace, signal }: BucketTrial): Promise<Finding | undefined> {
  const key = workspace.key("aborted");
  const { uploadId, ...begun } = await workspace.create("aborted", signal);
  if (uploadId === "") return fault("create an upload", "업로드 생성", begun);
  for (const number of [3, 1, 2]) {
    const query = { partNumber: String(number), uploadId };
    const headers = { "content-length": String(body.length) };
    const sent = await subject.ask({ method: "PUT", key, query, headers, body, signal });
    if (!isFine(sent)) return fault(`write part ${number}`, `파트 ${number} 쓰기`, sent);
  }
  const numbers: string[] = [];
  for (let marker = "0", more = true; more && numbers.length < 5; marker = numbers.at(-1) ?? "0") {
    const query = { uploadId, "max-parts": "1", "part-number-marker": marker };
    const page = await subject.ask({ method: "GET", key, query, signal });
    numbers.push(...elementsIn(page.text, "Part").flatMap((part) => textsIn(part, "PartNumber")));
    more = textsIn(page.text, "IsTruncated")[0] === "true";
    if (!isFine(page)) return fault("list the parts page by page", "파트 목록 나누어 받기", page);
  }
  if (numbers.join() !== "1,2,3")
    return failure(
      say(
        `parts 1, 2 and 3 are listed page by page as ${numbers.join(", ")}`,
        `파트 1, 2, 3이 ${numbers.join(", ")}(으)로 나옵니다`,
      ),
      say(
        "Naru cannot resume uploads of many parts here: use another version of the store.",
        "파트가 많은 업로드를 이어 올릴 수 없습니다. 저장소의 다른 버전을 쓰십시오.",
      ),
    );
  const ended = await workspace.abort(key, uploadId, signal);
  if (!isFine(ended)) return fault("abort an upload", "업로드 중단", ended);
  const after = await workspace.partsOf(key, uploadId, signal);
  if (isFine(after) && after.text.includes("<Part>"))
    return fault("see an aborted upload gone", "중단한 업로드가 사라졌는지 확인", after);
  workspace.forget(uploadId);
  return undefined;
}

function fault(en: string, ko: string, answer: RawAnswer): Finding {
  return failure(
    say(`cannot ${en}: the store answers ${answerText(answer)}`, `${ko} 실패: 저장소 응답 ${answerText(answer)}`),
    say(
      "Naru sends large files by multipart uploads only. With 403 give the key s3:PutObject, s3:AbortMultipartUpload and s3:ListMultipartUploadParts; with 405 or 501 the store has none.",
      "Naru는 멀티파트 업로드로만 큰 파일을 보냅니다. 403이면 키에 s3:PutObject, s3:AbortMultipartUpload, s3:ListMultipartUploadParts 권한을 주십시오. 405나 501이면 저장소가 지원하지 않는 것입니다.",
    ),
  );
}
