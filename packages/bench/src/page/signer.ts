/** The benchmark's own signer (`peer-server.ts`), as the peers on the page call it. */

import type { StoreRequest } from "@naru/bench-uppy6";

export interface Multipart {
  readonly key: string;
  readonly uploadId: string;
}

export async function createMultipart(key: string): Promise<Multipart> {
  return (await call("create", { key })) as Multipart;
}

export async function signPart(upload: Multipart, partNumber: number): Promise<string> {
  return ((await call("sign-part", { ...upload, partNumber })) as { url: string }).url;
}

/** Presign one PutObject: what the peers do, and what Naru must not. */
export async function signPut(key: string): Promise<string> {
  return ((await call("sign-put", { key })) as { url: string }).url;
}

/** Presign any request of a peer that makes them itself. */
export async function signRequest(request: StoreRequest): Promise<string> {
  return ((await call("sign-request", request)) as { url: string }).url;
}

export async function signGet(key: string): Promise<string> {
  return ((await call("sign-get", { key })) as { url: string }).url;
}

export async function completeMultipart(upload: Multipart, etags: readonly string[]): Promise<void> {
  await call("complete", { ...upload, etags });
}

/** The answers come from our own server of the same run. */
async function call(name: string, body: object): Promise<unknown> {
  const answer = await fetch(`/signer/${name}`, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`Cannot ${name}: ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
