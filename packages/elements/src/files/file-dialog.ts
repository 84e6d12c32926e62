import { html, nothing, type TemplateResult } from "lit";
import type { Localized } from "../language/language.ts";
import type { FileTask, Taken } from "./file-tasks.ts";

/** What the dialog was answered. */
export interface FileAnswer {
  readonly name: string;
  /** What has the name is to go. */
  readonly replace: boolean;
}

interface Answers {
  readonly words: Localized;
  /** What was asked for is being done. */
  readonly busy: boolean;
  readonly done: (answer: FileAnswer) => void;
  readonly close: () => void;
}

/** Ask for a name, or whether to remove. */
export function fileDialog(task: FileTask, { words, busy, done, close }: Answers): TemplateResult {
  const { t } = words;
  const isFolder = task.at !== "folder" && task.entry.kind === "folder";
  const removeTitle = isFolder ? t.file.removeFolderTitle : t.removeTitle;
  const titles = { folder: t.newFolder, rename: t.renameTitle, remove: removeTitle };
  const verbs = { folder: t.newFolderDo, rename: t.renameDo, remove: t.removeDo };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const name = String(new FormData(event.currentTarget).get("name") ?? "");
    done({ name: name.normalize().trim(), replace: false });
  };
  const mayGo = task.at !== "remove" || !isFolder || (task.counted !== undefined && task.counted.at !== "counting");
  const taken = task.at === "rename" ? task.taken : undefined;
  return html`<dialog role=${task.at === "remove" ? "alertdialog" : "dialog"} aria-labelledby="title" aria-describedby=${task.at === "remove" ? "meaning" : nothing}
    @close=${close}>
    <form @submit=${submit}>
      <h2 id="title">${titles[task.at]}</h2>
      ${task.at === "remove" ? html`<p id="meaning" role="status">${removalOf(task, words)}</p>` : nameField(task, words)}
      ${taken === undefined ? nothing : takenWords(taken, words)}
      ${task.failed === undefined ? nothing : html`<p class="bad" role="alert">${task.failed === "awaits" ? t.file.folderAwaits : t.failures[task.failed].what}</p>`}
      <div class="answers">
        <button type="button" data-action="keep" ?autofocus=${task.at === "remove"} @click=${close}>${t.cancel}</button>
        ${taken === undefined || taken.by === "folder" || isFolder ? nothing : replaceButton(taken, { words, busy, done })}
        <button class=${task.at === "remove" ? "danger" : "primary"} type="submit" data-action="confirm" ?disabled=${busy || !mayGo}>${busy ? t.file.working : verbs[task.at]}</button>
      </div>
    </form>
  </dialog>`;
}

function nameField(task: Exclude<FileTask, { at: "remove" }>, { t }: Localized): TemplateResult {
  const name = task.at === "rename" ? (task.wish ?? task.entry.name) : "";
  const check = ({ currentTarget: input }: Event): void => {
    if (!(input instanceof HTMLInputElement)) return;
    const name = input.value.trim();
    input.setCustomValidity(/^\.{0,2}$|\//.test(name) ? t.badName : "");
  };
  return html`<label>${t.name}<input name="name" required maxlength="255" autocomplete="off" spellcheck="false" autofocus .value=${name} @input=${check} /></label>`;
}

function takenWords({ name, by }: Taken, { t, format }: Localized): TemplateResult {
  if (by === "folder") return html`<p class="bad" role="alert">${t.file.takenByFolder(name)}</p>`;
  const facts = t.file.takenFacts(format.bytes(by.size), format.when(new Date(by.modified), new Date()));
  return html`<div role="alert"><p class="bad">${t.file.taken(name)}</p><p>${facts} ${t.file.takenHint}</p></div>`;
}

/** Apart from the button that was pressed, so that pressing it again replaces nothing. */
function replaceButton({ name }: Taken, { words: { t }, busy, done }: Omit<Answers, "close">): TemplateResult {
  return html`<button type="button" class="replace" data-action="replace" ?disabled=${busy} @click=${() => done({ name, replace: true })}>${t.file.replace}</button>`;
}

function removalOf({ entry, counted }: Extract<FileTask, { at: "remove" }>, { t, format }: Localized): string {
  const { name } = entry;
  if (entry.kind === "file") return t.removeAsk(name);
  const files = format.count(counted?.files ?? 0);
  if (counted === undefined || counted.at === "counting") return t.file.removeFolderCounting(name, files);
  if (counted.at === "more") return t.file.removeFolderMore(name, files);
  if (counted.files === 0) return t.file.removeFolderEmpty(name);
  return t.file.removeFolderAsk(name, t.file.holds(files, format.bytes(counted.size)));
}
