import { loadPart } from "../load-part.ts";
import type { PreviewWish } from "./naru-preview.ts";

/** Take a `naru-preview` event: load what shows files, and have the `<naru-preview>` in `root` show this one. */
export function openPreview(event: CustomEvent<PreviewWish>, root: ParentNode): void {
  event.preventDefault();
  void show(event.detail, root);
}

async function show(wish: PreviewWish, root: ParentNode): Promise<void> {
  const part = await loadPart(() => import("./naru-preview.ts"));
  const preview = root.querySelector("naru-preview");
  if (part !== undefined && preview instanceof part.NaruPreview) await preview.show(wish);
}
