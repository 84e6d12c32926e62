/**
 * The rules of names: each is kept exactly, or refused before a byte is sent.
 *
 * @module
 */

import { expect } from "vitest";
import { isTransferError } from "../src/errors.ts";
import { maxPathBytes } from "../src/path.ts";
import type { Place, Rules, Sample } from "./place.ts";
import { digestsOf, expectFailure, put } from "./place.ts";

/** What a URL, a shell, a disk or a key may mistake for something else. */
const oddNames = [
  "a//b.txt",
  "a/./b.txt",
  "a/.hidden",
  "dot.",
  "blank ",
  " blank",
  "%41+%2F 100%",
  "a&b=c;d,e \"f\" 'g' `h`.txt",
  "é 카페.txt".normalize("NFD"),
  "back\\slash.txt",
  "tab\t.txt",
  "😀 <a>|b*c?.txt",
];

const encoder = new TextEncoder();

export const nameRules: Rules = {
  "a name is kept exactly, or refused before a byte is sent": async (place: Place): Promise<void> => {
    let kept = 0;
    for (const [index, name] of oddNames.entries()) {
      const sample = await beginIfTaken(place, place.path(name), index);
      if (sample === undefined) continue;
      await expectKept(place, sample);
      kept += 1;
    }
    expect(kept, "no name was taken").toBeGreaterThan(0);
  },
  "a path of 1,024 bytes is kept exactly, or refused before a byte is sent": async (place: Place): Promise<void> => {
    const sample = await beginIfTaken(place, longPath(place, maxPathBytes), 1);
    if (sample !== undefined) await expectKept(place, sample);
  },
  "a path of 1,025 bytes is refused before a byte is sent": async (place: Place): Promise<void> => {
    await expectFailure(place.begin(5, longPath(place, maxPathBytes + 1)), "invalid");
  },
};

/** Begin an upload; `undefined` where the name is refused. */
async function beginIfTaken(place: Place, path: string, seed: number): Promise<Sample | undefined> {
  try {
    return await place.begin(5, path, seed);
  } catch (error) {
    if (isTransferError(error) && error.code === "invalid") return undefined;
    throw new Error(`Cannot begin "${path}": a name that cannot be used is "invalid"`, { cause: error });
  }
}

/** Send the file, and find it by its name and in the listing of its folder, composed or as it came. */
async function expectKept(place: Place, sample: Sample): Promise<void> {
  const { path, bytes, parts, upload } = sample;
  await put(sample, parts[0]);
  const file = await upload.complete({ digests: digestsOf(sample) });
  expect([path, path.normalize("NFC")]).toContain(file.path);
  await place.expectFile(path, bytes);
  expect(await place.files.stat(path)).toMatchObject({ size: bytes.length });
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const { files } = await place.files.list({ prefix: folder, delimiter: "/" });
  expect(files.map((one) => one.path.normalize("NFC"))).toEqual([path.normalize("NFC")]);
}

/** A path of so many bytes in UTF-8, whose names are as long as file systems allow at most. */
function longPath(place: Place, bytes: number): string {
  const folder = place.path("");
  const left = bytes - encoder.encode(folder).length;
  // Names of 199 bytes and a slash; the last one has the rest.
  const whole = Math.ceil(left / 200) - 1;
  const name = `${"가".repeat(66)}x/`;
  return folder + name.repeat(whole) + "y".repeat(left - whole * 200);
}
