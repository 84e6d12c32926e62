import { isTransferError } from "@naru/core";
import { type CheckId, failure, ok, warning } from "../check.ts";
import { markerName } from "../marker.ts";
import { type OddName, oddNames, titlesOf } from "../odd-names.ts";
import { say, type Words } from "../words.ts";
import type { ContractCheck } from "./contract-trial.ts";
import { cors, md5, publicEndpoint } from "./direct-checks.ts";

const readsOtherwise = say("what is read differs from what was written", "쓴 내용과 읽은 내용이 다릅니다");
const report = say(
  "Keep no files here; look at the store's own log.",
  "여기에 파일을 두지 말고 저장소의 로그를 보십시오.",
);

const noContainer = failure(
  say("there is no container of that name", "그런 이름의 컨테이너가 없습니다"),
  say(
    "Create the container, or correct its name in the store's URL.",
    "컨테이너를 만들거나 저장소 URL의 컨테이너 이름을 고치십시오.",
  ),
);

const reachability: ContractCheck = {
  id: "reachability",
  async run({ store, signal }) {
    const began = performance.now();
    try {
      await store.list({ limit: 1, signal });
    } catch (error) {
      if (!isTransferError(error) || error.code !== "not-found") throw error;
      return { ...noContainer, stops: true };
    }
    const ms = Math.round(performance.now() - began);
    return ok(say(`the store answered in ${ms} ms`, `저장소가 ${ms} ms 만에 응답했습니다`));
  },
};

const clock: ContractCheck = {
  id: "clock",
  async run({ store }) {
    const seconds = Math.round((store.clockSkewMs?.() ?? 0) / 1000);
    if (seconds === 0) return ok(say("agrees with the store's, to within a minute", "저장소와 1분 이내로 맞습니다"));
    const found = Math.abs(seconds) < 900 ? warning : failure;
    return found(
      say(`this machine's clock is ${seconds} s off the store's`, `이 컴퓨터의 시계가 저장소와 ${seconds}초 다릅니다`),
      say("Set the clock by NTP.", "NTP로 시계를 맞추십시오."),
      "timedatectl set-ntp true",
    );
  },
};

const rights: ContractCheck = {
  id: "rights",
  async run({ store, workspace, signal }) {
    await workspace.begin(signal);
    await workspace.put("rights", "x", signal);
    await store.remove(workspace.path("rights"), { signal });
    const isRead = (await workspace.text(markerName, signal)) !== "";
    return isRead
      ? ok(say("can read, write, list and remove", "읽기, 쓰기, 목록, 삭제가 됩니다"))
      : failure(readsOtherwise, report);
  },
};

const multipart: ContractCheck = {
  id: "multipart",
  async run({ store, workspace, signal }) {
    const upload = await store.create({ path: workspace.path("multipart"), size: 7 }, { signal });
    await upload.put({ number: 1, offset: 0, size: 7 }, new Blob(["a part\n"]), { signal });
    await upload.complete({ signal });
    const other = await store.create({ path: workspace.path("aborted"), size: 7 }, { signal });
    await other.abort();
    const isGone = (await store.stat(workspace.path("aborted"), { signal })) === undefined;
    if (isGone && (await workspace.text("multipart", signal)) === "a part\n")
      return ok(say("create, write parts, complete and abort work", "생성, 파트 쓰기, 완료, 중단이 모두 됩니다"));
    return failure(readsOtherwise, report);
  },
};

const range: ContractCheck = {
  id: "range",
  async run({ store, workspace, signal }) {
    await workspace.put("range", "0123456789", signal);
    const path = workspace.path("range");
    const text = await new Response(await store.read(path, { range: { start: 2, end: 5 }, signal })).text();
    const isOtherRead = await store.read(path, { etag: "another", signal }).then(
      () => true,
      () => false,
    );
    if (text === "234" && !isOtherRead)
      return ok(say("ranges are read exactly, and If-Match is enforced", "범위를 정확히 읽고 If-Match를 지킵니다"));
    return failure(readsOtherwise, report);
  },
};

const listing: ContractCheck = {
  id: "listing",
  async run({ store, workspace, signal }) {
    const paths = ["list/a", "list/b/c", "list/d"].map((name) => workspace.path(name));
    for (const name of ["list/a", "list/b/c", "list/d"]) await workspace.put(name, "x", signal);
    const prefix = workspace.path("list/");
    const first = await store.list({ prefix, limit: 2, signal });
    const { files } = await store.list({ prefix, limit: 2, cursor: first.cursor, signal });
    const listed = [...first.files, ...files].map(({ path }) => path).join();
    if (listed === paths.join())
      return ok(
        say(
          "new names are listed at once, and page by page",
          "새 이름이 바로 목록에 나오고, 여러 번 나누어 받을 수 있습니다",
        ),
      );
    return failure(say("new names are not listed", "새 이름이 목록에 나오지 않습니다"), report);
  },
};

const names: ContractCheck = {
  id: "names",
  async run({ workspace, signal }) {
    const [kept, refused]: [OddName[], OddName[]] = [[], []];
    for (const one of oddNames) {
      const isKept = await workspace.put(`names/${one.name}`, one.name, signal).then(
        async () => (await workspace.text(`names/${one.name}`, signal)) === one.name,
        () => false,
      );
      (isKept ? kept : refused).push(one);
    }
    const [good, bad] = [titlesOf(kept), titlesOf(refused)];
    if (refused.length === 0) return ok(say(`kept exactly: ${good.en}`, `그대로 보관: ${good.ko}`));
    return ok(
      say(
        `kept exactly: ${good.en}; refused before a byte is sent: ${bad.en}`,
        `그대로 보관: ${good.ko}; 보내기 전에 거부: ${bad.ko}`,
      ),
    );
  },
};

const unfinishedLife: ContractCheck = {
  id: "unfinished-life",
  async run({ store, uploadDays }) {
    const days = store.profile?.unfinishedDays.is;
    const message = say(
      `unfinished uploads: the store keeps them ${days === undefined ? "until they are ended" : `${days} days`}, Naru ${uploadDays} days`,
      `끝나지 않은 업로드: 저장소는 ${days === undefined ? "계속" : `${days}일`}, Naru는 ${uploadDays}일 보관합니다`,
    );
    if (days === undefined || days >= uploadDays) return ok(message);
    return warning(
      message,
      say("An upload that is resumed later starts over.", "그 뒤에 이어 올리면 처음부터 다시 보냅니다."),
    );
  },
};

const byAddress = say(
  "does not apply: an address is good for one upload only, and Naru compares the length and content of each part before it publishes the file",
  "해당 없음: 주소는 업로드 하나에만 쓸 수 있고, 파일이 나타나기 전에 Naru가 파트마다 길이와 내용을 비교합니다",
);
const ownNames = say("does not apply: only Naru publishes uploads", "해당 없음: 파일을 완성하는 것은 Naru뿐입니다");

/** What is found out of any store, in the order of the report. */
export const contractChecks: readonly ContractCheck[] = [
  reachability,
  clock,
  rights,
  multipart,
  md5,
  inapplicable("signed-length", byAddress),
  inapplicable("signed-headers", byAddress),
  inapplicable("conditional-write", ownNames),
  range,
  listing,
  names,
  cors,
  publicEndpoint,
  unfinishedLife,
];

function inapplicable(id: CheckId, message: Words): ContractCheck {
  return { id, run: async () => ok(message) };
}
