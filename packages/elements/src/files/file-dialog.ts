import { html, nothing, type TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import type { FileTask, Taken } from "./file-tasks.ts";
import type { WithOperationWords } from "./operation-words.ts";

/** What the dialog was answered. */
export interface FileAnswer {
  readonly name: string;
  /** What has the name is to go. */
  readonly replace: boolean;
}

interface Answers {
  readonly words: Localized<WithOperationWords>;
  /** What was asked for is being done. */
  readonly busy: boolean;
  readonly done: (answer: FileAnswer) => void;
  readonly close: () => void;
}

/** Ask for a name, or whether to remove. */
export function fileDialog(task: FileTask, { words, busy, done, close }: Answers): TemplateResult {
  const { t, format } = words;
  const isFolder = task.at === "rename" && task.entry.kind === "folder";
  const count = task.at === "remove" ? format.count(task.entries.length) : "";
  const titles = { folder: t.does.newFolderTitle, rename: t.does.renameTitle, remove: t.does.removeTitle(count) };
  const verbs = { folder: t.does.newFolderDo, rename: t.does.renameDo, remove: t.does.removeDo };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const name = String(new FormData(event.currentTarget).get("name") ?? "");
    done({ name: name.normalize().trim(), replace: false });
  };
  const taken = task.at === "rename" ? task.taken : undefined;
  return html`<dialog role=${task.at === "remove" ? "alertdialog" : "dialog"} aria-labelledby="title" aria-describedby=${task.at === "remove" ? "meaning" : nothing}
    @close=${close}>
    <form @submit=${submit}>
      <h2 id="title">${titles[task.at]}</h2>
      ${task.at === "remove" ? html`<p id="meaning" role="status">${removalOf(task, words)}</p>` : nameField(task, words)}
      ${taken === undefined ? nothing : takenWords(taken, words)}
      ${task.failed === undefined ? nothing : html`<p class="bad" role="alert">${task.failed === "awaits" ? t.does.folderAwaits : t.failures[task.failed].what}</p>`}
      <div class="answers">
        <button type="button" data-action="keep" ?autofocus=${task.at === "remove"} @click=${close}>${t.cancel}</button>
        ${taken === undefined || taken.by === "folder" || isFolder ? nothing : replaceButton(taken, { words, busy, done })}
        <button class=${task.at === "remove" ? "danger" : "primary"} type="submit" data-action="confirm" ?disabled=${busy || !mayGo(task)}>${busy ? t.does.working : verbs[task.at]}</button>
      </div>
    </form>
  </dialog>`;
}

/** A folder is only removed once it was said how much is in it. */
function mayGo(task: FileTask): boolean {
  if (task.at !== "remove" || task.entries.every(({ kind }) => kind === "file")) return true;
  return task.counted !== undefined && task.counted.at !== "counting";
}

function nameField(task: Exclude<FileTask, { at: "remove" }>, { t }: Localized<WithOperationWords>): TemplateResult {
  const name = task.at === "rename" ? (task.wish ?? task.entry.name) : "";
  const check = ({ currentTarget: input }: Event): void => {
    if (!(input instanceof HTMLInputElement)) return;
    const name = input.value.trim();
    input.setCustomValidity(/^\.{0,2}$|\//.test(name) ? t.does.badName : "");
  };
  return html`<label>${t.name}<input name="name" required maxlength="255" autocomplete="off" spellcheck="false" autofocus .value=${name} @input=${check} @focus=${selectStem} /></label>`;
}

/** What is before the ending is what people change. */
function selectStem({ currentTarget: input }: Event): void {
  if (!(input instanceof HTMLInputElement)) return;
  const dot = input.value.lastIndexOf(".");
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}

function takenWords({ name, by }: Taken, { t, format }: Localized<WithOperationWords>): TemplateResult {
  if (by === "folder") return html`<p class="bad" role="alert">${t.does.takenByFolder(name)}</p>`;
  const facts = t.does.takenFacts(format.bytes(by.size), format.when(new Date(by.modified), new Date()));
  return html`<div role="alert"><p class="bad">${t.does.taken(name)}</p><p>${facts} ${t.does.takenHint}</p></div>`;
}

/** Apart from the button that was pressed, so that pressing it again replaces nothing. */
function replaceButton({ name }: Taken, { words: { t }, busy, done }: Omit<Answers, "close">): TemplateResult {
  return html`<button type="button" class="replace" data-action="replace" ?disabled=${busy} @click=${() => done({ name, replace: true })}>${t.does.replace}</button>`;
}

function removalOf(
  { entries, counted }: Extract<FileTask, { at: "remove" }>,
  { t, format }: Localized<WithOperationWords>,
): string {
  const [first] = entries;
  const name = first?.name ?? "";
  if (entries.length === 1 && first?.kind === "file") return t.does.removeFile(name);
  const files = format.count(counted?.files ?? 0);
  if (counted === undefined || counted.at === "counting") return t.does.counting(files);
  const holds = t.does.holds(files, format.bytes(counted.size), counted.at === "more");
  if (entries.length > 1) return t.does.removeMany(holds);
  return counted.files === 0 && counted.at === "all" ? t.does.removeEmpty(name) : t.does.removeFolder(name, holds);
}
