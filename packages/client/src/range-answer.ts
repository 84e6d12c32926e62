import { type ByteRange, TransferError } from "@naru/core";
import { failureOf } from "./api-call.ts";
import type { GetResponse } from "./get-bytes.ts";

/** What was asked for. */
export interface AskedRange {
  readonly range: ByteRange;
  /** What errors call it. */
  readonly path: string;
  /** Bytes of the whole. */
  readonly size: number;
  /** Makes the failure that an answer tells about; by default one of our server. */
  readonly failure?: typeof failureOf | undefined;
}

/**
 * Give the answer if it has the range, and discard any other.
 *
 * @throws {TransferError} `conflict` when the content has changed; `unsupported` for the bytes of another range
 */
export async function rangeAnswer(answer: GetResponse, asked: AskedRange): Promise<GetResponse> {
  const { range, path, size, failure = failureOf } = asked;
  const { start, end } = range;
  const whole = start === 0 && end === size;
  const told = answer.status === 206 ? answer.headers.get("content-range") : null;
  // A cache that mixes up ranges would damage a file whose checksum nobody knows.
  if (told !== null && told !== `bytes ${start}-${end - 1}/${size}` && told !== `bytes ${start}-${end - 1}/*`) {
    answer.discard();
    throw new TransferError("unsupported", `Cannot read a range of "${path}": the answer is another one`);
  }
  if (answer.status === 206 || (answer.status === 200 && whole)) return answer;
  if (answer.status === 412) {
    answer.discard();
    throw new TransferError("conflict", `Cannot resume "${path}": it changed on the server`);
  }
  if (answer.status === 200) {
    answer.discard();
    throw new TransferError("unsupported", `Cannot read a range of "${path}": the answer is the whole file`);
  }
  const text = await textOf(answer);
  throw failure(answer.status, answer.headers, text, `read "${path}"`);
}

async function textOf({ body }: GetResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
