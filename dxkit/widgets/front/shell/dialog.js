// A window over the page: the browser's own dialog, which keeps the focus inside and closes on Escape.
import { html, useEffect, useId, useRef } from "../core/html.js";

export function Dialog({ title, close, children, wide = false }) {
  const own = useRef();
  const id = useId();
  useEffect(() => {
    const dialog = own.current;
    const before = document.activeElement;
    dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
    return () => {
      dialog.close();
      before?.focus();
    };
  }, []);
  const outside = (event) => event.target === own.current && close();
  return html`<dialog
    ref=${own}
    class=${`dx-dialog${wide ? " dx-dialog-wide" : ""}`}
    aria-labelledby=${id}
    onCancel=${(event) => {
      event.preventDefault();
      close();
    }}
    onClick=${outside}
  >
    <div class="dx-dialog-head">
      <h2 id=${id}>${title}</h2>
      <button type="button" class="dx-button dx-quiet" onClick=${close}>关闭</button>
    </div>
    <div class="dx-dialog-body">${children}</div>
  </dialog>`;
}
