import { isTransferError } from "@naru/core";
import { ok, warning } from "../check.ts";
import { say } from "../words.ts";
import type { ContractCheck, ContractTrial } from "./contract-trial.ts";

/** What may not replace a file, on a name that is taken: by one request, and at the end of an upload. */
export const conditionalWrite: ContractCheck = {
  id: "conditional-write",
  async run(trial) {
    const { workspace, signal } = trial;
    await workspace.put("condition", "first", signal);
    const isPut = await isDone(workspace.put("condition", "second", signal, { onlyNew: true }));
    await isDone(complete(trial));
    if ((await workspace.text("condition", signal)) === "first")
      return ok(say("a name that is taken is not overwritten", "이미 있는 이름을 덮어쓰지 않습니다"));
    const by = isPut ? say("a small file", "작은 파일") : say("a file of parts", "파트로 나눈 파일");
    return warning(
      say(
        `the store does not compare: ${by.en} replaces what has its name`,
        `저장소가 비교하지 않습니다. ${by.ko}이 이미 있는 이름을 덮어씁니다`,
      ),
      say(
        "Let no other program write the names below which Naru keeps files; Naru's own writers exclude one another.",
        "Naru가 파일을 두는 이름 아래에는 다른 프로그램이 쓰지 않게 하십시오. Naru끼리는 서로 겹치지 않습니다.",
      ),
    );
  },
};

async function complete({ store, workspace, signal }: ContractTrial): Promise<void> {
  const upload = await store.create({ path: workspace.path("condition"), size: 5 }, { signal });
  try {
    await upload.put({ number: 1, offset: 0, size: 5 }, new Blob(["third"]), { signal });
    await upload.complete({ onlyNew: true, signal });
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

/** Whether it was done; `false` when it was refused because the name is taken. */
async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isTransferError(error) && error.code === "conflict") return false;
    throw error;
  }
}
