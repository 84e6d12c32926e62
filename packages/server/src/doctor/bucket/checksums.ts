import { ok } from "../check.ts";
import { say } from "../words.ts";
import { type BucketCheck, isFine } from "./bucket-trial.ts";

/** Checksums of nothing, which no body has that is sent here. */
const ofNothing: Readonly<Record<string, string>> = {
  crc32: "AAAAAA==",
  crc32c: "AAAAAA==",
  crc64nvme: "AAAAAAAAAAA=",
  sha1: "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
  sha256: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
};

/** Which of the newer checksums the store enforces; none is needed, since MD5 and sizes are compared. */
export const checksums: BucketCheck = {
  id: "checksums",
  async run({ workspace, signal }) {
    const answers = await Promise.all(
      Object.entries(ofNothing).map(async ([name, value]) => {
        const headers = { [`x-amz-checksum-${name}`]: value };
        return { name, answer: await workspace.put(`checksum-${name}`, "not nothing", signal, headers) };
      }),
    );
    const enforced = answers.filter(({ answer }) => !isFine(answer)).map(({ name }) => name);
    const ignored = Object.keys(ofNothing).filter((name) => !enforced.includes(name));
    const list = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(", "));
    return ok(
      say(
        `x-amz-checksum-*: enforced: ${list(enforced, "none")}; ignored: ${list(ignored, "none")}`,
        `x-amz-checksum-*: 검사하는 것 ${list(enforced, "없음")}; 무시하는 것 ${list(ignored, "없음")}`,
      ),
    );
  },
};
