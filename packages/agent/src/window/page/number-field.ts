/** A field of the settings that takes a number. */

import { html, type TemplateResult } from "lit";

export interface NumberField {
  readonly name: string;
  readonly words: string;
  /** What holds now; empty for no limit, which `placeholder` then says. */
  readonly value: string;
  readonly least: number;
  readonly most: number;
  readonly step: number | "any";
  readonly placeholder?: string;
  /** Told a number within the bounds, or `undefined` for no limit; tells whether it holds now. */
  readonly changed: (value: number | undefined) => Promise<boolean>;
  /** Told that what was typed is not such a number. */
  readonly refused: (field: NumberField) => void;
}

/** Draw it; what does not hold is not left in it. */
export function numberField(field: NumberField): TemplateResult {
  const { name, words, value, least, most, step, placeholder = "" } = field;
  const change = async ({ target }: Event): Promise<void> => {
    if (!(target instanceof HTMLInputElement)) return;
    const isRight = target.checkValidity();
    if (!isRight) field.refused(field);
    else if (await field.changed(target.value === "" ? undefined : target.valueAsNumber)) return;
    target.value = value;
  };
  return html`<label class="field">${words}<input type="number" name=${name} .value=${value} min=${least} max=${most} step=${step} placeholder=${placeholder} ?required=${placeholder === ""} @change=${change} /></label>`;
}
