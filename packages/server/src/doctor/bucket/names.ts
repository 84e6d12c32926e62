import { failure, ok, warning } from "../check.ts";
import { oddNames } from "../odd-names.ts";
import { say } from "../words.ts";
import { type BucketCheck, isFine } from "./bucket-trial.ts";
import { elementsIn, keyFrom, textsIn } from "./xml.ts";

const longestKey = 1024;

/** Names that stores mistake: each is kept exactly, or refused before anything is stored. */
export const names: BucketCheck = {
  id: "names",
  async run({ subject, workspace, signal }) {
    const [kept, refused, changed]: [string[], string[], string[]] = [[], [], []];
    const long = "n".repeat(longestKey - Buffer.byteLength(workspace.key("names/1024/")));
    for (const [title, name] of [...Object.entries(oddNames), ["1,024 bytes", `1024/${long}`] as const]) {
      const answer = await workspace.put(`names/${name}`, title, signal);
      if (!isFine(answer)) refused.push(title);
      else if (await isThere(name, title)) kept.push(title);
      else changed.push(title);
    }
    async function isThere(name: string, content: string): Promise<boolean> {
      const key = workspace.key(`names/${name}`);
      const list = await subject.ask({ method: "GET", query: { prefix: key, "encoding-type": "url" }, signal });
      const keys = elementsIn(list.text, "Contents")
        .flatMap((one) => textsIn(one, "Key"))
        .map(keyFrom);
      return keys.includes(key) && (await subject.ask({ method: "GET", key, signal })).text === content;
    }
    if (changed.length > 0)
      return failure(
        say(
          `names come back changed, or not at all: ${changed.join(", ")}`,
          `이름이 바뀌거나 사라집니다: ${changed.join(", ")}`,
        ),
        say(
          "Let the proxy in front of the store pass the path as it is (nginx: proxy_pass without a path, merge_slashes off); else avoid these names.",
          "저장소 앞의 프록시가 경로를 그대로 전달하게 하십시오(nginx: 경로 없는 proxy_pass, merge_slashes off). 아니면 이런 이름을 피하십시오.",
        ),
        "merge_slashes off;\nproxy_pass http://STORE;",
      );
    if (refused.length > 0)
      return warning(
        say(
          `refused by the store: ${refused.join(", ")}; kept exactly: ${kept.join(", ")}`,
          `저장소가 거부: ${refused.join(", ")}, 그대로 보관: ${kept.join(", ")}`,
        ),
        say(
          "Nothing is lost: a file with such a name is refused before it is sent. Rename it.",
          "잃는 것은 없습니다. 그런 이름의 파일은 보내기 전에 거부되니 이름을 바꾸십시오.",
        ),
      );
    return ok(say(`kept exactly: ${kept.join(", ")}`, `그대로 보관: ${kept.join(", ")}`));
  },
};
