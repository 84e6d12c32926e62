import type { Upload, UploadSpec } from "@naru/core";
import { md5, memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { PathClaims } from "../../src/catalogue/path-claims.ts";
import { beginUpload } from "../../src/uploads/begin-upload.ts";

/** A store that has a file "tree/file", and remembers which uploads were made in it. */
async function place() {
  const inner = memoryStore(new Map(), { md5 });
  const file = await inner.create({ path: "tree/file", size: 1, partSize: 1 });
  await file.put({ number: 1, offset: 0, size: 1 }, new Blob(["x"]));
  await file.complete();
  const made: Upload[] = [];
  const create = async (spec: UploadSpec): Promise<Upload> => {
    const upload = await inner.create(spec);
    made.push(upload);
    return upload;
  };
  const claims = new PathClaims({ files: inner, now: () => 0, isAwaited: async () => false });
  return { made, store: { ...inner, create }, claims, inner };
}

test("an upload whose path is refused leaves nothing at the store", async () => {
  const { made, inner, ...where } = await place();
  const wish = { path: "tree/file/below", size: 1 };
  const begun = beginUpload(wish, { ...where, conflict: "overwrite", partSize: 1 });
  await expect(begun).rejects.toMatchObject({ code: "conflict" });
  expect(made).toHaveLength(1);
  for (const { id } of made) await expect(inner.resume(id)).rejects.toMatchObject({ code: "not-found" });
});

test("where another name may be chosen, the upload is made under that one only", async () => {
  const { made, inner: _, ...where } = await place();
  using begun = await beginUpload({ path: "tree/file", size: 1 }, { ...where, conflict: "rename", partSize: 1 });
  expect(begun.path).toBe("tree/file (2)");
  expect(made.map(({ spec }) => spec.path)).toEqual(["tree/file (2)"]);
});

test("where another name may be chosen, the store is asked at once whether a file or a folder has the name", async () => {
  const asked: string[] = [];
  const both = Promise.withResolvers<void>();
  const ask = (what: string): Promise<void> => {
    asked.push(what);
    if (asked.length === 2) both.resolve();
    return both.promise;
  };
  const files = {
    stat: () => ask("file").then(() => undefined),
    folders: { has: () => ask("folder").then(() => false) },
  };
  const claims = new PathClaims({ files, now: () => 0, isAwaited: async () => false });
  using claim = await claims.claim("new", "rename");
  expect([claim.path, asked.toSorted()]).toEqual(["new", ["file", "folder"]]);
});

test("a store that makes no upload says so, and the name is free again", async () => {
  const { made: _, inner, claims, ...rest } = await place();
  const failing = { ...inner, create: () => Promise.reject(new Error("no room")) };
  for (const conflict of ["overwrite", "rename"] as const) {
    const begun = beginUpload({ path: "new", size: 1 }, { store: failing, claims, conflict, partSize: 1 });
    await expect(begun).rejects.toThrow("no room");
  }
  using again = await beginUpload({ path: "new", size: 1 }, { ...rest, claims, conflict: "rename", partSize: 1 });
  expect(again.path).toBe("new");
});
