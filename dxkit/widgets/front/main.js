// The browser side of a sitting as an anywidget module: draws one page into one element.
import { html, render as draw } from "./core/html.js";
import { createSitting, SittingContext } from "./core/sitting.js";
import { Shell } from "./shell/shell.js";
import "./record/view.js";
import "./diagnosis/view.js";
import "./workshop/view.js";

/** A file that misses its place is not opened by the browser instead of the page. */
function keepThePage(event) {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

function render({ model, el }) {
  el.classList.add("dx");
  const sitting = createSitting(model);
  draw(html`<${SittingContext.Provider} value=${sitting}><${Shell} /><//>`, el);
  for (const kind of ["dragover", "drop"]) el.addEventListener(kind, keepThePage);
  sitting.begin();
  return () => {
    sitting.close();
    for (const kind of ["dragover", "drop"]) el.removeEventListener(kind, keepThePage);
    draw(null, el);
  };
}

export default { render };
