// A control for one of many: the browser's own list, which is searched by typing.
import { html } from "../../core/html.js";

export function Listed({ item, draft, ids }) {
  const now = draft.raw !== undefined ? draft.raw : (item.value ?? null);
  return html`<select class="dx-input" id=${ids.control} value=${now ?? ""} onChange=${(event) => draft.choose(event.target.value || null)} ...${ids.described}>
    <option value="">请选择</option>
    ${now !== null && !item.choices.some(({ code }) => String(code) === String(now)) && html`<option value=${now}>${item.text ?? now}</option>`}
    ${item.choices.map(({ code, label }) => html`<option key=${code} value=${code}>${label}</option>`)}
  </select>`;
}
