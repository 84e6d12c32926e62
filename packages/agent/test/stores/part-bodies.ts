import { type Body, type Part, planParts, type Receipt, type Store, type Upload } from "@naru/core";
import { pattern } from "@naru/core/testing";

/** A file to send, and what tells how much of it was sent. */
export interface Sending {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly parts: readonly Part[];
  readonly upload: Upload;
}

export async function beginSending(store: Store, path: string, size: number, partSize: number): Promise<Sending> {
  const upload = await store.create({ path, size, partSize, modified: new Date("2021-03-04T05:06:07Z") });
  return { bytes: pattern(size), parts: planParts(size, partSize, store.limitsFor(path)), upload };
}

/** The bytes of a part. */
export function bodyOf({ bytes }: Sending, part: Part | undefined): Blob {
  return new Blob([bytes.subarray(part?.offset ?? 0, (part?.offset ?? 0) + (part?.size ?? 0))]);
}

/** A body that does something when `at` bytes of it have been asked for, and goes on. */
export function bodyWith(whole: Blob, at: number, happen: () => Promise<void>): Body {
  return {
    size: whole.size,
    stream() {
      let sent = 0;
      return new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          async pull(controller) {
            if (sent >= at) await happen();
            if (sent >= whole.size) return controller.close();
            const piece = whole.slice(sent, sent + 65_536);
            controller.enqueue(new Uint8Array(await piece.arrayBuffer()));
            sent += piece.size;
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
}

/** Put what has no receipt; tell the bytes that were sent for it. */
export async function putRest(sending: Sending, upload: Upload): Promise<number> {
  const held = new Set((await upload.receipts()).map((receipt: Receipt) => receipt.part.number));
  let sent = 0;
  for (const part of sending.parts) {
    if (held.has(part.number)) continue;
    await upload.put(part, bodyOf(sending, part));
    sent += part.size;
  }
  return sent;
}
