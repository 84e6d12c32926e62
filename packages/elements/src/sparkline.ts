import { html, type TemplateResult } from "lit";

const width = 64;
const height = 18;

/** Draw how the speed went, for the eye only; nothing while there is no line to draw. */
export function sparkline(values: readonly number[]): TemplateResult {
  // Headroom, so that a steady line does not look like a ceiling.
  const highest = Math.max(...values, 1) * 1.4;
  const step = width / Math.max(1, values.length - 1);
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(height - 1 - (value / highest) * (height - 3)).toFixed(1)}`,
  );
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" aria-hidden="true"><polyline points=${points.join(" ")} /></svg>`;
}
