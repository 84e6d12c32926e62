import { failure, ok } from "../check.ts";
import { say } from "../words.ts";
import type { BucketCheck, BucketTrial } from "./bucket-trial.ts";
import { elementsIn, keyFrom, textsIn } from "./xml.ts";

const names = ["list/a", "list/b/c", "list/d"];

/** Page after page, by both versions of the call, and at once after a write. */
export const listing: BucketCheck = {
  id: "listing",
  async run(trial) {
    const { workspace, signal } = trial;
    await Promise.all(names.map((name) => workspace.put(name, "x", signal)));
    const expected = names.map((name) => workspace.key(name)).join();
    const v2 = (
      await pages(trial, { "list-type": "2" }, { cursor: "NextContinuationToken", as: "continuation-token" })
    ).join();
    const v1 = (await pages(trial, {}, { cursor: "NextMarker", as: "marker" })).join();
    const folders = await trial.subject.ask({
      method: "GET",
      query: { prefix: workspace.key("list/"), delimiter: "/", "encoding-type": "url" },
      signal,
    });
    const common = elementsIn(folders.text, "CommonPrefixes")
      .flatMap((one) => textsIn(one, "Prefix"))
      .map(keyFrom);
    const works = [v2 === expected && "ListObjectsV2", v1 === expected && "ListObjects"].filter((one) => one !== false);
    const hasFolders = common.join() === workspace.key("list/b/");
    const { listing: used, name } = trial.subject.profile;
    if (works.length > 0 && (used.is === "v2" ? v2 : v1) !== expected)
      return failure(
        say(
          `only ${works.join()} works, but the profile "${name}" uses the other call`,
          `${works.join()}만 되는데 프로필 "${name}"은(는) 다른 호출을 씁니다`,
        ),
        say(
          "Name the right profile in the store's URL: profile=NAME.",
          "저장소 URL에 맞는 프로필을 쓰십시오: profile=NAME.",
        ),
      );
    if (works.length > 0 && hasFolders)
      return ok(
        say(
          `${works.join(" and ")} page through new names in order`,
          `${works.join(", ")}: 새 이름이 순서대로 나오고, 여러 번 나누어 받을 수 있습니다`,
        ),
      );
    return failure(
      works.length === 0
        ? say(
            "names that were just written are not listed page by page",
            "방금 쓴 이름이 목록에 나누어 나오지 않습니다",
          )
        : say("folders are not listed (delimiter)", "폴더(delimiter)가 목록에 나오지 않습니다"),
      say(
        "Use a store whose listings are consistent; a cache in front of it must not keep them.",
        "목록이 바로 일치하는 저장소를 쓰십시오. 앞에 있는 캐시가 목록을 보관하지 않게 하십시오.",
      ),
    );
  },
};

async function pages(
  { subject, workspace, signal }: BucketTrial,
  kind: Record<string, string>,
  { cursor, as }: { readonly cursor: string; readonly as: string },
): Promise<readonly string[]> {
  const keys: string[] = [];
  let next: string | undefined = "";
  while (next !== undefined && keys.length <= names.length) {
    const from: Record<string, string> = next === "" ? {} : { [as]: next };
    const query = { ...kind, prefix: workspace.key("list/"), "max-keys": "1", "encoding-type": "url", ...from };
    const { text } = await subject.ask({ method: "GET", query, signal });
    keys.push(
      ...elementsIn(text, "Contents")
        .flatMap((one) => textsIn(one, "Key"))
        .map(keyFrom),
    );
    // Without a delimiter the first version names no marker: it is the last key.
    const told: string | undefined = textsIn(text, cursor)[0];
    next = textsIn(text, "IsTruncated")[0] === "true" ? (told ?? keys.at(-1)) : undefined;
  }
  return keys;
}
