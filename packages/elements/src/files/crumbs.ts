import { html, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Dictionary } from "../language/dictionary.ts";

/** Draw the way to `folder`, each step a link. */
export function crumbs(
  folder: string,
  { t, go }: { readonly t: Dictionary; readonly go: (event: Event, folder: string) => void },
): TemplateResult[] {
  const steps = [{ name: t.allFiles, folder: "" }];
  for (const name of folder.split("/").slice(0, -1)) {
    steps.push({ name, folder: `${steps.at(-1)?.folder ?? ""}${name}/` });
  }
  return steps.map(({ name, folder }, index) =>
    index === steps.length - 1
      ? html`<b aria-current="page">${name}</b>`
      : html`<a href=${hashOf(folder)} @click=${(event: Event) => go(event, folder)}>${name}</a>${icon("chevronRight")}`,
  );
}

/** The address of a folder within the page. */
export function hashOf(folder: string): string {
  return `#/${folder.split("/").map(encodeURIComponent).join("/")}`;
}
