import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { TransfersDictionary } from "./language/transfers-words.ts";

/** Draw a link to the folder that a path lies in: where a file goes, and where it is once it has arrived. */
export function whereLink(
  path: string,
  t: TransfersDictionary,
  { within }: { readonly within?: string | undefined } = {},
): TemplateResult | typeof nothing {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  // A row of a group tells what the group does not.
  if (folder === within) return nothing;
  const name = folder === "" ? t.allFiles : (folder.split("/").at(-2) ?? "");
  const label = t.openFolder(folder === "" ? t.allFiles : folder.slice(0, -1));
  return html`<a class="where" data-action="open-folder" href=${addressOf(folder)} title=${label} aria-label=${label}>${icon("folder")}<span>${name}</span></a>`;
}

/** The address of a folder on this page. */
export function addressOf(folder: string): string {
  return `#/${folder.split("/").map(encodeURIComponent).join("/")}`;
}
