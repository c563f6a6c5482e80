// Several of a few choices in little room: folded to a count until it is opened.
import { html } from "../../core/html.js";
import { Choices } from "./choosing.js";

export function Folded({ item, draft, ids }) {
  const now = draft.raw !== undefined ? draft.raw : (item.value ?? []);
  const labels = item.choices
    .filter(({ code }) => (now ?? []).map(String).includes(String(code)))
    .map(({ label }) => label);
  return html`<details class="dx-folded">
    <summary class="dx-input" aria-label=${`${ids.name}：${labels.join("、") || "未选"}`}>${labels.join("、") || "请选择"}</summary>
    <fieldset><legend class="dx-only-heard">${ids.name}</legend><${Choices} item=${item} draft=${draft} ids=${ids} /></fieldset>
  </details>`;
}
