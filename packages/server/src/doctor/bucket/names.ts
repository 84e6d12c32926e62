import { mapPool } from "../../pool.ts";
import { failure, ok, warning } from "../check.ts";
import { type OddName, oddNames, titlesOf } from "../odd-names.ts";
import { say } from "../words.ts";
import { type BucketCheck, isFine } from "./bucket-trial.ts";
import { elementsIn, keyFrom, textsIn } from "./xml.ts";

const longestKey = 1024;
const atOnce = 6;

type Fate = "kept" | "refused" | "changed";

/** Names that stores mistake: each is kept exactly, or refused before anything is stored. */
export const names: BucketCheck = {
  id: "names",
  async run({ subject, workspace, signal }) {
    const long = "n".repeat(longestKey - Buffer.byteLength(workspace.key("names/1024/")));
    const all = [...oddNames, { title: say("1,024 bytes", "1,024바이트"), name: `1024/${long}` }];
    const fates = await mapPool(all, atOnce, async (one) => ({ one, fate: await fateOf(one.name) }));
    const those = (wanted: Fate): readonly OddName[] =>
      fates.filter(({ fate }) => fate === wanted).map(({ one }) => one);
    const [kept, refused, changed] = [titlesOf(those("kept")), titlesOf(those("refused")), titlesOf(those("changed"))];
    async function fateOf(name: string): Promise<Fate> {
      const key = workspace.key(`names/${name}`);
      if (!isFine(await workspace.put(`names/${name}`, name, signal))) return "refused";
      const list = await subject.ask({ method: "GET", query: { prefix: key, "encoding-type": "url" }, signal });
      const keys = elementsIn(list.text, "Contents")
        .flatMap((one) => textsIn(one, "Key"))
        .map(keyFrom);
      const read = await subject.ask({ method: "GET", key, signal });
      return keys.includes(key) && read.text === name ? "kept" : "changed";
    }
    if (changed.en !== "")
      return failure(
        say(`names come back changed, or not at all: ${changed.en}`, `이름이 바뀌거나 사라집니다: ${changed.ko}`),
        say(
          "Have the proxy in front of the store pass the path as it is (nginx: proxy_pass without a path, merge_slashes off); else avoid these names.",
          "저장소 앞의 프록시가 경로를 그대로 전달하게 하십시오(nginx: 경로 없는 proxy_pass, merge_slashes off). 아니면 이런 이름을 피하십시오.",
        ),
        "merge_slashes off;\nproxy_pass http://STORE;",
      );
    if (refused.en !== "")
      return warning(
        say(
          `refused by the store: ${refused.en}; kept exactly: ${kept.en}`,
          `저장소가 거부: ${refused.ko}; 그대로 보관: ${kept.ko}`,
        ),
        say(
          "Nothing is lost: a file with such a name is refused before it is sent. Rename it.",
          "잃는 것은 없습니다. 그런 이름의 파일은 보내기 전에 거부되니 이름을 바꾸십시오.",
        ),
      );
    return ok(say(`kept exactly: ${kept.en}`, `그대로 보관: ${kept.ko}`));
  },
};
