/** Panels of the page that are loaded when they are asked for. */

import { loadPart } from "./load-part.ts";

/** Open the panel of the account; what fails is told in it. */
export async function showAccount(page: ParentNode): Promise<void> {
  const part = await loadPart(() => import("./naru-account.ts"));
  const panel = page.querySelector("naru-account");
  if (part !== undefined && panel instanceof part.NaruAccount) await panel.show();
}

/** Download files and folders, once it is known whether the page can fetch them itself. */
export async function startDownload(
  page: ParentNode,
  paths: readonly string[],
  transfersOpened: Promise<void>,
): Promise<void> {
  const [part] = await Promise.all([loadPart(() => import("./naru-downloads.ts")), transfersOpened]);
  const downloads = page.querySelector("naru-downloads");
  if (part !== undefined && downloads instanceof part.NaruDownloads) await downloads.start(paths);
}
