/**
 * What the others are measured against: one XHR for the whole file, straight to the store where it signs one part of that
 * size and admits the page, else through the server; and one `fetch` that is read to its end. Signing is not measured.
 *
 * @module
 */

import { TransferError } from "@naru/core";
import { filePath } from "../../api.ts";
import type { ReadAddress } from "../../read-address.ts";
import { downloadAddress } from "../downloads/download-address.ts";
import { xhrSend } from "../xhr-send.ts";
import type { CarryOptions, PageWay, PageWays } from "./page-way.ts";

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Make the way of one request. */
export function plainWay({ api, hashes, store, route, uploads }: PageWays): PageWay {
  let target: Target | undefined;
  let address: ReadAddress | undefined;
  return {
    way: "plain",
    async prepare(file, path, { signal }) {
      const isOnePart = route.kind === "direct" && file.size <= store.limits.maxPartSize;
      const signed = isOnePart ? await signedTarget(file, path, { signal }) : undefined;
      target = signed ?? { url: `${api.origin}${filePath(path)}`, headers: {} };
    },
    async send(file, path, { signal, onBytes }) {
      if (target === undefined) throw new TransferError("internal", `Cannot send "${path}": nothing is prepared`);
      let before = 0;
      const { status, text } = await xhrSend({
        method: "PUT",
        ...target,
        body: file,
        signal,
        onProgress: (sent) => {
          onBytes(sent - before);
          before = sent;
        },
      });
      onBytes(file.size - before);
      if (status >= 200 && status < 300) return;
      throw new TransferError("unavailable", `Cannot PUT "${path}": ${status} ${(await text()).slice(0, 200)}`);
    },
    async find(path, { signal }) {
      address = await downloadAddress(api, path, { signal });
    },
    async fetch(path, { signal, onBytes }) {
      if (address === undefined) throw new TransferError("internal", `Cannot fetch "${path}": nothing is found`);
      const { body } = await address.read({ start: 0, end: address.file.size }, { signal });
      for await (const chunk of body) onBytes(chunk.length);
    },
    async finish() {
      target = undefined;
      await uploads.abort();
    },
  };

  /** A part that is the whole file; `undefined` where the server cuts it. */
  async function signedTarget(
    file: Blob,
    path: string,
    { signal }: Pick<CarryOptions, "signal">,
  ): Promise<Target | undefined> {
    const upload = await api.create({ path, size: file.size, partSize: file.size }, { signal });
    uploads.begun(upload.id);
    if (!upload.direct || upload.partSize < file.size) return undefined;
    const { md5 } = await hashes.digest(file, { signal });
    const [part] = await api.presign(upload.id, [{ number: 1, md5 }], { epoch: upload.epoch, signal });
    return part && { url: part.url, headers: settable(part.headers) };
  }
}

/** The browser gives the length and the host itself. */
function settable(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(content-length|host)$/iu.test(name)));
}
