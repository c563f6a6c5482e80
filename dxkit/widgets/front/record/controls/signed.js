// Signatures and seals are given on paper; the page only notes that they were.
import { html } from "../../core/html.js";

export function Signed({ item, draft, ids }) {
  const now = draft.raw !== undefined ? draft.raw : (item.value ?? null);
  const filed = typeof now === "string" && now !== "";
  return html`<div class="dx-choices">
    <label class="dx-choice">
      <input type="checkbox" id=${ids.control} checked=${now === true || filed} onChange=${(event) => draft.choose(event.target.checked ? true : null)} ...${ids.described} />
      <span>${item.kind === "seal" ? "线下已盖章" : "线下已签字"}${filed && `（存档：${now}）`}</span>
    </label>
  </div>`;
}
