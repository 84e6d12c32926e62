import type { NaruApi } from "@naru/client";
import { saveFile } from "@naru/client/browser";
import type { StoredFile } from "@naru/core";

/** Have a file downloaded by whoever listens to `naru-download`; by the browser, where nobody does. */
export function askDownload(from: EventTarget, api: NaruApi, file: Pick<StoredFile, "path">): void {
  const detail = { paths: [file.path] };
  const wanted = new CustomEvent("naru-download", { detail, bubbles: true, composed: true, cancelable: true });
  if (from.dispatchEvent(wanted)) saveFile(api, file);
}
