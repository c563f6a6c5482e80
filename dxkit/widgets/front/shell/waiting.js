// What stands where an answer of the kernel will stand: that it comes, or why it did not.
import { html } from "../core/html.js";

export function Waiting({ look, words }) {
  if (look.problem) {
    return html`<div class="dx-empty" role="alert">
      <p>${look.problem}</p>
      <button type="button" class="dx-button" onClick=${look.again}>再试一次</button>
    </div>`;
  }
  return html`<p class="dx-empty" role="status" aria-busy="true">${words}</p>`;
}
