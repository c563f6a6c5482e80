// Calling a file secret before it is sent, with the words who will see it then.
import { html, useId } from "../core/html.js";
import { useKnown } from "../core/sitting.js";

export function Secret({ value, set }) {
  const id = useId();
  const words = useKnown((known) => known.secretWords);
  return html`<label class="dx-choice dx-secret">
    <input type="checkbox" checked=${value} aria-describedby=${id} onChange=${(event) => set(event.target.checked)} />
    <span>涉密材料<span class="dx-soft dx-secret-words" id=${id}>${words}</span></span>
  </label>`;
}
