import { type CheckId, ok } from "../check.ts";
import { say, type Words } from "../words.ts";
import { clock, conditionalWrite, names, reachability, rights } from "./disk.ts";
import { listing, multipart, range } from "./files.ts";
import type { FolderCheck } from "./folder-trial.ts";

const throughServer = say(
  "does not apply: bytes pass through the server, which compares them",
  "해당 없음: 전송이 서버를 거치며, 서버가 내용을 비교합니다",
);
const noBucket = say(
  "does not apply: browsers never speak to a folder",
  "해당 없음: 브라우저가 폴더에 직접 접속하지 않습니다",
);

/** What is found out of a folder, in the order of the report. What only buckets have is said not to apply. */
export const folderChecks: readonly FolderCheck[] = [
  reachability,
  clock,
  rights,
  multipart,
  inapplicable("md5", throughServer),
  inapplicable("signed-length", throughServer),
  inapplicable("signed-headers", throughServer),
  conditionalWrite,
  range,
  listing,
  names,
  inapplicable("cors", noBucket),
  inapplicable("public-endpoint", noBucket),
  inapplicable(
    "unfinished-life",
    say("does not apply: Naru alone ends uploads here", "해당 없음: 업로드는 Naru만 중단합니다"),
  ),
];

function inapplicable(id: CheckId, message: Words): FolderCheck {
  return { id, run: async () => ok(message) };
}
