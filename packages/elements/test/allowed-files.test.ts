import { expect, test } from "vitest";
import { AllowedFiles } from "../src/sharing/allowed-files.ts";

test("a guest sends no system files with a folder, also where nothing else is refused", () => {
  const allowed = new AllowedFiles(undefined);
  const refusal = (name: string): string | undefined => allowed.refusal({ name, size: 1, type: "" })?.why;
  expect([".DS_Store", "Thumbs.db", "~$plan.docx", "._a.mov"].map(refusal)).toEqual(Array(4).fill("system"));
  expect(["DS_Store.txt", "plan.docx", ".gitignore"].map(refusal)).toEqual(Array(3).fill(undefined));
});
