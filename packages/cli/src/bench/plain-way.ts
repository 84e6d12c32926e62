/**
 * What the others are measured against: one request for the whole file over one new connection, as `curl -T` and `curl -o`
 * make it, straight to the store where it signs, else through the server. Signing is not measured.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import {
  authHeaders,
  filePath,
  NaruApi,
  type Network,
  openFileSource,
  openNetwork,
  ReadAddress,
} from "@naru/client/node";
import { type Abortable, TransferError, type WireSession } from "@naru/core";
import { eachAtOnce } from "../each-at-once.ts";
import type { LocalFile } from "../local-files.ts";
import type { Remote } from "../remote.ts";
import { type BenchWay, type CarryOptions, counted } from "./bench-way.ts";

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function plainWay(remote: Remote, session: WireSession): BenchWay {
  const api = new NaruApi(remote);
  const md5s = new Map<string, string>();
  const targets = new Map<string, Target>();
  const uploads: string[] = [];
  const { direct, limits } = session.store;
  return {
    way: "plain",
    async prepare(files, folder, options) {
      for (const local of files) {
        const path = folder + local.path;
        const isOnePart = direct && local.size > 0 && local.size <= limits.maxPartSize;
        const signed = isOnePart ? await signedTarget(path, local, options) : undefined;
        targets.set(path, signed ?? { url: `${remote.origin}${filePath(path)}`, headers: authHeaders(remote.auth) });
      }
    },
    async send(files, folder, { parallel, ...options }) {
      await eachAtOnce(files, parallel, async (local) => {
        const target = targets.get(folder + local.path);
        if (target === undefined)
          throw new TransferError("internal", `Cannot send "${local.path}": nothing is prepared`);
        await using network = openNetwork();
        await put(network, local, target, options);
      });
    },
    async fetch(files, { parallel, onBytes, signal }) {
      await eachAtOnce(files, parallel, async ({ path, size, to }) => {
        await using network = openNetwork();
        const address = await ReadAddress.of({ api, get: network.get, path, direct: true }, { signal });
        const { body } = await address.read({ start: 0, end: size }, { signal });
        await pipeline(counted(body, onBytes), createWriteStream(to));
      });
    },
    async finish() {
      targets.clear();
      for (const id of uploads.splice(0)) await api.abort(id);
    },
  };

  /** A part that is the whole file; `undefined` where the server cuts it. */
  async function signedTarget(path: string, local: LocalFile, options: Abortable): Promise<Target | undefined> {
    const { size, file } = local;
    const upload = await api.create({ path, size, partSize: size }, options);
    uploads.push(upload.id);
    if (!upload.direct || upload.partSize < size) return undefined;
    const md5 = md5s.get(file) ?? (await md5Of(file));
    md5s.set(file, md5);
    const [part] = await api.presign(upload.id, [{ number: 1, md5 }], { epoch: upload.epoch, ...options });
    return part && { url: part.url, headers: part.headers };
  }
}

async function put(
  network: Network,
  local: LocalFile,
  { url, headers }: Target,
  { onBytes, signal }: Pick<CarryOptions, "onBytes" | "signal">,
): Promise<void> {
  await using source = await openFileSource(local.file);
  let before = 0;
  const answer = await network.send({
    method: "PUT",
    url,
    // The network gives the length itself.
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(content-length|host)$/i.test(name))),
    body: source.slice(0, source.size),
    signal,
    onProgress: (sent) => {
      onBytes(sent - before);
      before = sent;
    },
  });
  const text = await answer.text();
  if (answer.status >= 200 && answer.status < 300) return;
  throw new TransferError("unavailable", `Cannot PUT "${local.path}": ${answer.status} ${text.slice(0, 200)}`);
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
