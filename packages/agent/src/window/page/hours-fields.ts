/** The fields of the hours in which is sent. */

import { html, nothing, type TemplateResult } from "lit";
import type { Hours } from "../../settings.ts";
import type { WindowWords } from "./words.ts";

const nights: Hours = { from: 19 * 60, until: 7 * 60, days: [0, 1, 2, 3, 4, 5, 6] };

/** Draw them; `changed` is told the new hours, `null` for always. */
export function hoursFields(
  hours: Hours | undefined,
  words: WindowWords["set"],
  changed: (hours: Hours | null) => void,
): TemplateResult {
  const choose = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) changed(event.target.value === "hours" ? nights : null);
  };
  return html`
    <label class="field">${words.hours}
      <select name="hours" @change=${choose}>
        <option value="always" ?selected=${hours === undefined}>${words.always}</option>
        <option value="hours" ?selected=${hours !== undefined}>${words.onlyIn}</option>
      </select>
    </label>
    ${hours === undefined ? nothing : spanFields(hours, words, changed)}
  `;
}

function spanFields(hours: Hours, words: WindowWords["set"], changed: (hours: Hours) => void): TemplateResult {
  const time =
    (name: "from" | "until") =>
    (event: Event): void => {
      if (!(event.target instanceof HTMLInputElement)) return;
      const [hour, minute] = event.target.value.split(":").map(Number);
      const next = { ...hours, [name]: (hour ?? 0) * 60 + (minute ?? 0) };
      if (event.target.value !== "" && next.from !== next.until) changed(next);
    };
  const flip =
    (day: number) =>
    (event: Event): void => {
      if (!(event.target instanceof HTMLInputElement)) return;
      const others = hours.days.filter((one) => one !== day);
      changed({ ...hours, days: event.target.checked ? [...others, day].toSorted() : others });
    };
  return html`
    <div class="half">
      <label class="field">${words.from}<input type="time" name="from" .value=${clock(hours.from)} @change=${time("from")} /></label>
      <label class="field">${words.until}<input type="time" name="until" .value=${clock(hours.until)} @change=${time("until")} /></label>
    </div>
    <fieldset class="field">
      <legend>${words.days}</legend>
      <div class="days">
        ${words.dayNames.map(
          (name, day) =>
            html`<label class="check"><input type="checkbox" .checked=${hours.days.includes(day)} @change=${flip(day)} />${name}</label>`,
        )}
      </div>
    </fieldset>
  `;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
