/**
 * Where an examination writes: below one hidden prefix of its own, which is empty again at its end. The marker is written
 * first and removed last, so that what a killed process left is known as ours.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { BucketSubject, RawAnswer } from "../../examined-store.ts";
import { mapPool } from "../../pool.ts";
import { isMarker, markerName, markerText, usualStaleMs } from "../marker.ts";
import { keyFrom, textsIn } from "./xml.ts";

/** How often an upload is aborted until it has no parts any more; some store a part that was on its way. */
const aborts = 5;
const atOnce = 6;

export class BucketWorkspace {
  readonly #subject: BucketSubject;
  readonly #uploads = new Map<string, string>();
  #isBegun = false;
  /** What every key of this examination begins with. */
  readonly folder: string;

  constructor(subject: BucketSubject, folder = `${rootOf(subject)}${randomBytes(8).toString("hex")}/`) {
    this.#subject = subject;
    this.folder = folder;
  }

  key(name: string): string {
    return this.folder + name;
  }

  /** Write the marker. Nothing else is written before. */
  async begin(signal: AbortSignal): Promise<RawAnswer> {
    // An answer that is lost may still have written it.
    this.#isBegun = true;
    return this.put(markerName, markerText(this.#subject.now()), signal);
  }

  async put(name: string, body: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<RawAnswer> {
    return this.#subject.ask({ method: "PUT", key: this.key(name), body, headers: sized(body, headers), signal });
  }

  async remove(name: string, signal: AbortSignal): Promise<RawAnswer> {
    return this.#subject.ask({ method: "DELETE", key: this.key(name), signal });
  }

  /** Begin an upload that is aborted at the end, whatever comes. */
  async create(name: string, signal: AbortSignal): Promise<RawAnswer & { readonly uploadId: string }> {
    const key = this.key(name);
    const headers = { "content-type": "application/octet-stream" };
    const answer = await this.#subject.ask({ method: "POST", key, query: { uploads: "" }, headers, signal });
    const [uploadId = ""] = answer.status === 200 ? textsIn(answer.text, "UploadId") : [];
    if (uploadId !== "") this.#uploads.set(uploadId, key);
    return { ...answer, uploadId };
  }

  async abort(key: string, uploadId: string, signal: AbortSignal): Promise<RawAnswer> {
    return this.#subject.ask({ method: "DELETE", key, query: { uploadId }, signal });
  }

  async partsOf(key: string, uploadId: string, signal: AbortSignal): Promise<RawAnswer> {
    return this.#subject.ask({ method: "GET", key, query: { uploadId }, signal });
  }

  /** An upload that became a file is none any more. */
  forget(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  /** Remove all that is below the folder; whether nothing is left. */
  async clean(signal: AbortSignal): Promise<boolean> {
    if (!this.#isBegun) return true;
    await mapPool([...(await this.#unfinished(signal))], atOnce, ([id, key]) => this.#end(key, id, signal));
    const keys = await this.#keys(signal);
    const marker = this.key(markerName);
    const remove = async (some: typeof keys): Promise<void> => {
      await mapPool(some, atOnce, ({ key, version }) => {
        const query = version === undefined ? {} : { versionId: version };
        return this.#subject.ask({ method: "DELETE", key, query, signal });
      });
    };
    await remove(keys.filter(({ key }) => key !== marker));
    await remove(keys.filter(({ key }) => key === marker));
    return (await this.#keys(signal)).length === 0 && (await this.#unfinished(signal)).size === 0;
  }

  /** Remove what examinations left that were killed long ago. */
  static async cleanOld(subject: BucketSubject, signal: AbortSignal, staleMs: number = usualStaleMs): Promise<void> {
    const query = { prefix: rootOf(subject), delimiter: "/", "encoding-type": "url" };
    const answer = await subject.ask({ method: "GET", query, signal });
    const folders = textsIn(answer.text, "Prefix").map(keyFrom);
    for (const folder of folders.filter((one) => one.startsWith(rootOf(subject)) && one.endsWith("/"))) {
      const marker = await subject.ask({ method: "GET", key: folder + markerName, signal });
      if (marker.status !== 200 || !isMarker(marker.text) || ageOf(marker) < staleMs) continue;
      const old = new BucketWorkspace(subject, folder);
      old.#isBegun = true;
      await old.clean(signal);
    }
  }

  async #end(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    for (let round = 0; round < aborts; round += 1) {
      await this.abort(key, uploadId, signal);
      const listed = await this.partsOf(key, uploadId, signal);
      if (listed.status !== 200 || !listed.text.includes("<Part>")) break;
    }
    this.#uploads.delete(uploadId);
  }

  /** Uploads that we know, and those that the store knows. */
  async #unfinished(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const query = { uploads: "", prefix: this.folder, "encoding-type": "url" };
    const { text } = await this.#subject.ask({ method: "GET", query, signal });
    const keys = textsIn(text, "Key").map(keyFrom);
    const listed = textsIn(text, "UploadId").map((id, at): [string, string] => [id, keys[at] ?? ""]);
    return new Map([...this.#uploads, ...listed.filter(([, key]) => key.startsWith(this.folder))]);
  }

  /** Every object and, in a bucket that keeps them, every version and marker of a removal. */
  async #keys(signal: AbortSignal): Promise<readonly { key: string; version?: string | undefined }[]> {
    const query = { versions: "", prefix: this.folder, "encoding-type": "url" };
    const versions = await this.#subject.ask({ method: "GET", query, signal });
    const isListed = versions.status === 200 && versions.text.includes("ListVersionsResult");
    const plain = isListed
      ? versions
      : await this.#subject.ask({ method: "GET", query: { prefix: this.folder, "encoding-type": "url" }, signal });
    const keys = textsIn(plain.text, "Key").map(keyFrom);
    const ids = isListed ? textsIn(plain.text, "VersionId") : [];
    const all = keys.map((key, at) => ({ key, version: ids.length === keys.length ? ids[at] : undefined }));
    return all.filter(({ key }) => key.startsWith(this.folder));
  }
}

/** By the store's clock alone: ours, and that of whoever was killed, may be wrong. */
function ageOf(answer: RawAnswer): number {
  return Date.parse(answer.header("date") ?? "") - Date.parse(answer.header("last-modified") ?? "");
}

function rootOf({ prefix }: BucketSubject): string {
  return `${prefix}.naru/doctor-`;
}

/** Bodies have their length told, as every store wants it. */
function sized(body: string, headers: Record<string, string>): Record<string, string> {
  return { ...headers, "content-type": "application/octet-stream", "content-length": String(Buffer.byteLength(body)) };
}
