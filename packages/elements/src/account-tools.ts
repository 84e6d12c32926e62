import type { NaruApi } from "@naru/client";
import type { Transfers } from "@naru/client/browser";
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "./icons.ts";
import type { AccountWords } from "./language/account-words.ts";
import { loadPart } from "./load-part.ts";

interface AccountToolsOptions {
  readonly transfers: Transfers | undefined;
  readonly api: NaruApi | undefined;
  /** Whether the account is an administrator's. */
  readonly admin: boolean;
  /** Close the panel, over which the other dialog would stand. */
  readonly close: () => void;
}

/** What else is opened from the panel of the account. */
export function accountTools(t: AccountWords, { transfers, api, admin, close }: AccountToolsOptions): TemplateResult {
  // Where the window is narrow, the list of transfers stands there only while it is busy.
  const showHistory = async (): Promise<void> => {
    close();
    const part = await loadPart(() => import("./naru-history.ts"));
    if (transfers !== undefined) part?.showHistory(transfers);
  };
  const showDoctor = async (): Promise<void> => {
    close();
    const part = await loadPart(() => import("./naru-doctor.ts"));
    if (api !== undefined) part?.showDoctor(api);
  };
  const showExperiment = async (): Promise<void> => {
    close();
    const part = await loadPart(() => import("./naru-experiment.ts"));
    if (api !== undefined) part?.showExperiment(api);
  };
  return html`${transfers === undefined ? nothing : html`<section aria-labelledby="history-title"><h3 id="history-title">${icon("order")}${t.history}</h3><button data-action="history" @click=${showHistory}>${t.showHistory}</button></section>`}
    ${
      admin
        ? html`<section aria-labelledby="doctor-title"><h3 id="doctor-title">${icon("search")}${t.store}</h3><button data-action="doctor" @click=${showDoctor}>${t.examineStore}</button></section>
        <section aria-labelledby="experiment-title"><h3 id="experiment-title">${icon("ferry")}${t.network}</h3><button data-action="experiment" @click=${showExperiment}>${t.measureWays}</button></section>`
        : nothing
    }`;
}
