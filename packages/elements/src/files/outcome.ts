import { FilesApi } from "@naru/client";
import type { Localized } from "../language/language.ts";
import { type Entry, folderEntry } from "./entry.ts";
import type { BringApi } from "./entry-transfers.ts";
import type { FilesModel } from "./files-model.ts";
import type { WithOperationWords } from "./operation-words.ts";
import { Toast } from "./toast.ts";

/** What operations share: the list that they change, the calls that do it, and how they tell what became of it. */
export class Outcome {
  readonly model: FilesModel;
  readonly words: Localized<WithOperationWords>;
  readonly toast: Toast;

  constructor(model: FilesModel, words: Localized<WithOperationWords>) {
    this.model = model;
    this.words = words;
    this.toast = new Toast(words, () => model.host.requestUpdate());
  }

  /** The calls, if there is a server. */
  get calls(): BringApi | undefined {
    const { api } = this.model.host;
    return api === undefined ? undefined : { api, files: new FilesApi({ origin: api.origin, auth: api.auth }) };
  }

  /** Say that something takes a while. */
  busy(): void {
    this.toast.show({ words: this.words.t.does.working, isBusy: true });
  }

  /** Tell what was done, seen and heard; `undo` puts it back, and says whether all of it. */
  tell(words: string, undo?: () => Promise<boolean>): void {
    this.toast.show({ words, undo });
    this.model.say(words);
  }

  /** Tell what could not be done, and why. */
  tellFailed(failed: readonly { readonly entry: Entry; readonly error: unknown }[]): void {
    for (const { error } of failed) this.model.failed(error);
    const names = this.namesOf(failed.map(({ entry }) => entry));
    const words = this.words.t.does.failed(names, this.model.wordsOf(failed[0]?.error));
    this.toast.show({ words, isFailure: true });
    this.model.say(words);
  }

  /** Undo what was done last. */
  async undo(): Promise<void> {
    const words = await this.toast.undo();
    if (words !== undefined) this.model.say(words);
  }

  /** One name, or how many. */
  namesOf(entries: readonly Entry[]): string {
    return this.words.t.does.names(entries[0]?.name ?? "", entries.length);
  }

  nameOf(folder: string): string {
    return folder === "" ? this.words.t.allFiles : folderEntry(folder).name;
  }
}
