import { html, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Dictionary } from "../language/dictionary.ts";

/** More steps than these fold in the middle where there is little room. */
const mostOnPhone = 3;

export interface CrumbsView {
  readonly t: Dictionary;
  readonly go: (event: Event, folder: string) => void;
}

/** Draw the way to `folder`, each step a link. Where there is little room, the steps in the middle fold into a list. */
export function crumbs(folder: string, { t, go }: CrumbsView): TemplateResult {
  const steps = stepsTo(folder, t.allFiles);
  const folded = steps.length > mostOnPhone ? steps.slice(1, -1) : [];
  const link = ({ name, folder: to }: Step): TemplateResult =>
    html`<a href=${hashOf(to)} data-drop=${to} @click=${(event: Event) => go(event, to)}>${name}</a>`;
  return html`${steps.map((step, index) => {
    if (index === steps.length - 1) return html`<b aria-current="page">${step.name}</b>`;
    const isFolded = folded.includes(step);
    return html`${index === 1 && isFolded ? fold(folded, { t, link }) : ""}<span class="step ${isFolded ? "folded" : ""}">${link(step)}${icon("chevronRight")}</span>`;
  })}`;
}

/** The address of a folder, or of a file in it, within the page. */
export function hashOf(path: string): string {
  return `#/${path.split("/").map(encodeURIComponent).join("/")}`;
}

interface Step {
  readonly name: string;
  readonly folder: string;
}

function stepsTo(folder: string, allFiles: string): readonly Step[] {
  const steps = [{ name: allFiles, folder: "" }];
  for (const name of folder.split("/").slice(0, -1)) {
    steps.push({ name, folder: `${steps.at(-1)?.folder ?? ""}${name}/` });
  }
  return steps;
}

function fold(
  steps: readonly Step[],
  { t, link }: { readonly t: Dictionary; readonly link: (step: Step) => TemplateResult },
): TemplateResult {
  return html`<span class="fold"><details><summary aria-label=${t.file.foldedPath} title=${t.file.foldedPath}>…</summary><span>${steps.map(link)}</span></details>${icon("chevronRight")}</span>`;
}
