// A ratio between its bounds as a small bar, with the numbers in words beside it.
import { html } from "../core/html.js";

const percent = (share) => `${Math.max(0, Math.min(100, share * 100))}%`;

export function Bounds({ result }) {
  const { low, high, kind, state } = result;
  if (kind !== "ratio" || low === null || high === null) return null;
  const open = state === "unknown";
  const words = open ? `最低 ${result.low_words}，最高 ${result.high_words}` : "";
  const width = percent(open ? high - low : high);
  return html`<div class="dx-bounds">
    <div class="dx-bounds-track" aria-hidden="true">
      <span class=${`dx-bounds-fill${open ? " dx-bounds-open" : ""}`} style=${{ insetInlineStart: open ? percent(low) : "0%", width }}></span>
    </div>
    ${words && html`<span class="dx-bounds-words">${words}</span>`}
  </div>`;
}
