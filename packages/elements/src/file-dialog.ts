import type { FailureCode } from "@naru/core";
import { html, nothing, type TemplateResult } from "lit";
import type { Dictionary } from "./language/dictionary.ts";

/** What the dialog of the file list is asked to settle. */
export type FileTask =
  | { readonly at: "folder"; readonly failed?: FailureCode | undefined }
  | {
      readonly at: "rename" | "remove";
      readonly path: string;
      readonly name: string;
      readonly failed?: FailureCode | undefined;
    };

interface Answers {
  readonly t: Dictionary;
  readonly done: (name: string) => void;
  readonly close: () => void;
}

/** Ask for a name, or whether to remove. */
export function fileDialog(task: FileTask, { t, done, close }: Answers): TemplateResult {
  const titles = { folder: t.newFolder, rename: t.renameTitle, remove: t.removeTitle };
  const words = { folder: t.newFolderDo, rename: t.renameDo, remove: t.removeDo };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    done(
      String(new FormData(event.currentTarget).get("name") ?? "")
        .normalize()
        .trim(),
    );
  };
  const check = (event: InputEvent): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    const name = event.currentTarget.value.trim();
    event.currentTarget.setCustomValidity(
      name === "" || name === "." || name === ".." || name.includes("/") ? t.badName : "",
    );
  };
  return html`<dialog aria-labelledby="title" @close=${close} @cancel=${close}>
    <form @submit=${submit}>
      <h2 id="title">${titles[task.at]}</h2>
      ${
        task.at === "remove"
          ? html`<p>${t.removeAsk(task.name)}</p>`
          : html`<label>${t.name}<input name="name" required maxlength="255" autocomplete="off" autofocus .value=${task.at === "rename" ? task.name : ""} @input=${check} /></label>`
      }
      ${task.at === "folder" ? html`<p class="muted">${t.newFolderHint}</p>` : nothing}
      ${task.failed === undefined ? nothing : html`<p class="bad" role="alert">${t.failures[task.failed].what}</p>`}
      <div class="answers">
        <button type="button" @click=${close}>${t.cancel}</button>
        <button class=${task.at === "remove" ? "danger" : "primary"} type="submit">${words[task.at]}</button>
      </div>
    </form>
  </dialog>`;
}
