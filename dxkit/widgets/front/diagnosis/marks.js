// How the state of a result is marked: a sign, a word and a colour, never the colour alone.
import { html } from "../core/html.js";

const SIGNS = { yes: "✓", no: "✕", unknown: "?", none: "—", rate: "%" };

/** yes, no, unknown, none (not applicable) or rate (a known ratio). */
export function toneOf({ state, kind, low }) {
  if (state === "unknown") return "unknown";
  if (state === "not_applicable") return "none";
  if (kind === "ratio") return "rate";
  return low ? "yes" : "no";
}

export const signOf = (result) => SIGNS[toneOf(result)];

export function Mark({ result }) {
  const tone = toneOf(result);
  return html`<span class=${`dx-mark dx-mark-${tone}`}>
    ${tone !== "rate" && html`<span class="dx-mark-sign" aria-hidden="true">${SIGNS[tone]}</span>`}${result.words}
  </span>`;
}

const CONDITIONS = { holds: "✓", fails: "✕", open: "?", exempt: "—" };

export function Condition({ status, words }) {
  return html`<span class=${`dx-cond dx-cond-${status}`}><span aria-hidden="true">${CONDITIONS[status]} </span>${words}</span>`;
}
