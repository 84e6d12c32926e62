import { NaruApi } from "@naru/client";
import { doorName } from "@naru/core";
import { sizeText } from "./progress-line.ts";
import type { Remote } from "./remote.ts";
import { shownName } from "./terminal-text.ts";

export interface UploadsCommand {
  readonly abort?: string | undefined;
  readonly json?: boolean | undefined;
  readonly remote: Remote;
}

/** `naru uploads`: what is unfinished, or an end to one of them. */
export async function uploads({ abort, json = false, remote }: UploadsCommand): Promise<void> {
  const api = new NaruApi(remote);
  if (abort !== undefined) return api.abort(abort);
  for (const upload of await api.mine()) {
    const { id, path, size, confirmed, expires, door, sizeKnown = true } = upload;
    const by = door === undefined ? "" : ` over ${doorName(door)}`;
    const share = sizeKnown ? `${sizeText(confirmed)} of ${sizeText(size)}${by}` : `${sizeText(confirmed)} so far${by}`;
    console.log(json ? JSON.stringify(upload) : `${id}  ${share}  until ${expires.slice(0, 16)}  ${shownName(path)}`);
  }
}
