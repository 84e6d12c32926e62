import { chunksOf, type Files, type RangeReader, type StoredFile } from "../src/index.ts";

/** Read one state of a file of a place. */
export function filesReader(files: Pick<Files, "read">, file: StoredFile): RangeReader {
  return {
    file,
    read: async (range, { signal } = {}) => {
      const stream = await files.read(file.path, { range, etag: file.etag, signal });
      return chunksOf({ size: range.end - range.start, stream: () => stream }, { signal });
    },
  };
}
