import { isTransferError } from "@naru/core";
import { failure, ok } from "../check.ts";
import { type OddName, oddNames, titlesOf } from "../odd-names.ts";
import { say } from "../words.ts";
import type { ContractCheck } from "./contract-trial.ts";

type Fate = "kept" | "refused" | "changed";

const longestPath = 1024;

/** Names that stores mistake: each is kept exactly, or refused by name before anything is sent. */
export const names: ContractCheck = {
  id: "names",
  async run({ store, workspace, signal }) {
    // In names of 200 bytes, which a folder takes too.
    const left = longestPath - Buffer.byteLength(workspace.path("names/"));
    const long = `${"n".repeat(199)}/`.repeat(Math.floor(left / 200)) + "n".repeat(left % 200 || 1);
    const all = [...oddNames, { title: say("1,024 bytes", "1,024바이트"), name: long.slice(0, left) }];
    const fates = new Map<OddName, Fate>();
    for (const one of all) fates.set(one, await fateOf(one.name));
    const those = (wanted: Fate): readonly OddName[] => all.filter((one) => fates.get(one) === wanted);
    const [kept, refused, changed] = [titlesOf(those("kept")), titlesOf(those("refused")), titlesOf(those("changed"))];

    async function fateOf(name: string): Promise<Fate> {
      const path = workspace.path(`names/${name}`);
      try {
        await workspace.put(`names/${name}`, name, signal);
      } catch (error) {
        if (isTransferError(error) && error.code === "invalid") return "refused";
        throw error;
      }
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      const { files } = await store.list({ prefix: folder, delimiter: "/", signal });
      // Naru composes names where it writes them; by both spellings they are found.
      const isListed = files.some((file) => file.path.normalize("NFC") === path.normalize("NFC"));
      return isListed && (await workspace.text(`names/${name}`, signal)) === name ? "kept" : "changed";
    }

    if (changed.en !== "")
      return failure(
        say(`names come back changed, or not at all: ${changed.en}`, `이름이 바뀌거나 사라집니다: ${changed.ko}`),
        say(
          "Have the proxy in front of the store pass the path as it is; else avoid these names.",
          "저장소 앞의 프록시가 경로를 그대로 전달하게 하십시오. 아니면 이런 이름을 피하십시오.",
        ),
      );
    if (refused.en === "") return ok(say(`kept exactly: ${kept.en}`, `그대로 보관: ${kept.ko}`));
    return ok(
      say(
        `kept exactly: ${kept.en}; refused before a byte is sent: ${refused.en}`,
        `그대로 보관: ${kept.ko}; 보내기 전에 거부: ${refused.ko}`,
      ),
    );
  },
};
