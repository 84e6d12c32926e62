/** The worker of `fetch-loop.ts`. */

interface Asked {
  readonly url: string;
  readonly size: number;
  readonly ranges: number;
}

interface SyncFile {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

async function download({ url, size, ranges }: Asked): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle("fetched", { create: true });
  // All browsers have it in a worker; the types of a page do not.
  const file = await (handle as unknown as { createSyncAccessHandle(): Promise<SyncFile> }).createSyncAccessHandle();
  file.truncate(size);
  const length = Math.ceil(size / ranges);
  const range = async (start: number): Promise<void> => {
    const end = Math.min(size, start + length) - 1;
    const { body } = await fetch(url, { headers: { range: `bytes=${start}-${end}` } });
    const reader = body?.getReader();
    for (let at = start; reader !== undefined; ) {
      const { done, value } = await reader.read();
      if (done) return;
      at += file.write(value, { at });
    }
  };
  await Promise.all(Array.from({ length: ranges }, (_, index) => range(index * length)));
  file.flush();
  file.close();
}

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  download(data).then(
    () => self.postMessage(""),
    (error: unknown) => self.postMessage(String(error)),
  );
};
