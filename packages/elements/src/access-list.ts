import { html, nothing, type TemplateResult } from "lit";
import { type IconName, icon } from "./icons.ts";
import type { AccessKind, WithAccountWords } from "./language/account-words.ts";
import type { Localized } from "./language/language.ts";

/** A PC, a browser or a token, as the panel shows it. */
export interface AccessRow {
  readonly id: string;
  readonly name: string;
  /** What its name is short for. */
  readonly longName?: string | undefined;
  readonly created: string;
  readonly used: string;
  readonly isThisBrowser?: boolean;
}

interface AccessListOptions {
  readonly words: Localized<WithAccountWords>;
  readonly revoke: (row: AccessRow) => void;
  /** What stands below the rows. */
  readonly below?: TemplateResult | undefined;
}

const icons: Readonly<Record<AccessKind, IconName>> = { agent: "computer", session: "globe", token: "key" };

/** Show everything of one kind that may sign in, each with its button to revoke it. */
export function accessList(
  kind: AccessKind,
  rows: readonly AccessRow[],
  { words, revoke, below }: AccessListOptions,
): TemplateResult {
  const of = words.t.account.kinds[kind];
  return html`<section aria-labelledby="${kind}-title">
    <h3 id="${kind}-title" tabindex="-1">${icon(icons[kind])}${of.title}</h3>
    ${rows.length === 0 ? html`<p class="none">${of.none}</p>` : html`<ul>${rows.map((row) => accessRow(kind, row, { words, revoke }))}</ul>`}
    ${below ?? nothing}
  </section>`;
}

function accessRow(kind: AccessKind, row: AccessRow, { words, revoke }: AccessListOptions): TemplateResult {
  const { t } = words;
  const of = t.account.kinds[kind];
  const { id, name, longName, created, used } = row;
  const idFor = (one: AccessKind): string | typeof nothing => (one === kind ? id : nothing);
  return html`<li data-agent=${idFor("agent")} data-session=${idFor("session")} data-token=${idFor("token")}>
    <div class="grow"><span class="name" title=${longName ?? name}>${name}</span>
      <span class="times">${moment(of.made, created, words)}${used > created || kind === "session" ? moment(t.account.used, used, words) : nothing}</span></div>
    ${
      row.isThisBrowser
        ? html`<span class="here">${t.account.thisBrowser}</span>`
        : html`<button data-action="revoke" aria-label=${of.revokeNamed(name)} @click=${() => revoke(row)}>${of.revoke}</button>`
    }
  </li>`;
}

function moment(word: string, time: string, { format }: Localized<WithAccountWords>): TemplateResult {
  return html`<span>${word}: <time datetime=${time}>${format.when(new Date(time), new Date())}</time></span>`;
}
