import { MiB } from "@naru/core";
import { failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { type FolderCheck, trialStore } from "./folder-trial.ts";

const smallParts = { size: 2 * MiB, partSize: MiB };

/** Parts in any order become a file; an upload that is ended leaves none. */
export const multipart: FolderCheck = {
  id: "multipart",
  async run(trial) {
    const { signal } = trial;
    const store = await trialStore(trial, "multipart");
    const upload = await store.create({ path: "a", ...smallParts }, { signal });
    for (const number of [2, 1]) {
      const body = new Blob([new Uint8Array(MiB).fill(number)]);
      await upload.put({ number, offset: (number - 1) * MiB, size: MiB }, body, { signal });
    }
    await upload.complete({ signal });
    const read = new Uint8Array(await new Response(await store.read("a", { signal })).arrayBuffer());
    const other = await store.create({ path: "b", ...smallParts }, { signal });
    await other.abort();
    const isRight = read.length === 2 * MiB && read[0] === 1 && read.at(-1) === 2;
    if (isRight && (await store.stat("b", { signal })) === undefined)
      return ok(say("create, write parts, complete and abort work", "생성, 파트 쓰기, 완료, 중단이 모두 됩니다"));
    return failure(
      say("what is read differs from what was written in parts", "파트로 쓴 내용과 읽은 내용이 다릅니다"),
      say("Check the disk: fsck, and the log of the kernel.", "fsck와 커널 로그로 디스크를 점검하십시오."),
      "dmesg | tail -50",
    );
  },
};

/** A range, and a file that is another by now. */
export const range: FolderCheck = {
  id: "range",
  async run(trial) {
    const { signal } = trial;
    const store = await trialStore(trial, "range");
    await store.putFile?.({ path: "a" }, new Blob(["0123456789"]), { signal });
    const text = await new Response(await store.read("a", { range: { start: 2, end: 5 }, signal })).text();
    const isOtherRead = await store.read("a", { etag: "another", signal }).then(
      () => true,
      () => false,
    );
    if (text === "234" && !isOtherRead) return ok(say("ranges are read exactly", "범위를 정확히 읽습니다"));
    return failure(
      say(`bytes 2 to 4 of 0123456789 read as "${text}"`, `0123456789의 2~4바이트가 "${text}"(으)로 읽힙니다`),
      say("Check the disk and its mount options.", "디스크와 마운트 방법을 점검하십시오."),
    );
  },
};

/** What was just written is listed, in order. */
export const listing: FolderCheck = {
  id: "listing",
  async run(trial) {
    const { signal } = trial;
    const store = await trialStore(trial, "listing");
    const paths = ["a", "b/c", "d"];
    for (const path of paths) await store.putFile?.({ path }, new Blob(["x"]), { signal });
    const first = await store.list({ limit: 2, signal });
    const second = await store.list({ limit: 2, cursor: first.cursor, signal });
    const listed = [...first.files, ...second.files].map(({ path }) => path);
    if (listed.join() === paths.join())
      return ok(say("new names are listed at once, in order", "새 이름이 바로 목록에 순서대로 나옵니다"));
    return failure(
      say(
        `${paths.join(", ")} are listed as ${listed.join(", ")}`,
        `${paths.join(", ")}이(가) ${listed.join(", ")}(으)로 나옵니다`,
      ),
      say(
        "On a network file system turn off the caching of folders (NFS: lookupcache=none).",
        "네트워크 파일 시스템이라면 폴더 캐시를 끄십시오(NFS: lookupcache=none).",
      ),
    );
  },
};
