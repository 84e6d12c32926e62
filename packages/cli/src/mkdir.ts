import { NaruApi } from "@naru/client";
import { eachOf } from "./each-of.ts";
import type { Remote } from "./remote.ts";
import { plainPath } from "./remote-path.ts";

/** `naru mkdir`: folders, and those above them; one that is there is fine. */
export async function mkdir(paths: readonly string[], { remote }: { readonly remote: Remote }): Promise<void> {
  const api = new NaruApi(remote);
  await eachOf(paths, (path) => api.makeFolder(plainPath(path)));
}
