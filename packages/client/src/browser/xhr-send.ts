/**
 * Bodies through XMLHttpRequest: a Blob slice goes to the network as it is, so the browser reads the disk itself, and
 * `upload.onprogress` tells what left. It works in workers.
 *
 * @module
 */

import { TransferError } from "@naru/core";
import { type SendBytes, unreachable } from "../send.ts";
import { unreadable } from "./read-slices.ts";

/** Send a Blob by XHR. An abort that nobody asked for (Safari drops connections so) counts as a network failure. */
export const xhrSend: SendBytes = (request) => {
  const { method, url, headers, body, signal, credentials = false, onProgress } = request;
  return new Promise((resolve, reject) => {
    if (!(body instanceof Blob)) {
      reject(new TransferError("internal", `Cannot send to "${new URL(url).origin}": the body is not a Blob`));
      return;
    }
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const xhr = new XMLHttpRequest();
    const stop = (): void => xhr.abort();
    const lost = (): void => {
      if (signal?.aborted) reject(signal.reason);
      else void whyLost(body, url).then(reject, reject);
    };
    xhr.open(method, url);
    xhr.withCredentials = credentials;
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    if (onProgress) xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
    xhr.onload = () => {
      const text = xhr.responseText;
      resolve({ status: xhr.status, headers: headersOf(xhr), text: () => Promise.resolve(text) });
    };
    xhr.onerror = lost;
    xhr.onabort = lost;
    xhr.ontimeout = lost;
    xhr.onloadend = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop, { once: true });
    xhr.send(body);
  });
};

/** A request is also lost when the file behind the slice changed: then the slice cannot be read any more. */
async function whyLost(body: Blob, url: string): Promise<TransferError> {
  try {
    await body.slice(0, 1).arrayBuffer();
  } catch (cause) {
    return unreadable(cause);
  }
  return unreachable(url, new Error("The request ended without an answer"), undefined);
}

function headersOf(xhr: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of xhr.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
