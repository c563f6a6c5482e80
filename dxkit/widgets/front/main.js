// The browser side of a sitting as an anywidget module: draws one page into one element.
import { html, render as draw } from "./core/html.js";
import { createSitting, SittingContext } from "./core/sitting.js";
import { Shell } from "./shell/shell.js";
import "./record/view.js";
import "./diagnosis/view.js";
import "./workshop/view.js";

function render({ model, el }) {
  el.classList.add("dx");
  const sitting = createSitting(model);
  draw(html`<${SittingContext.Provider} value=${sitting}><${Shell} /><//>`, el);
  sitting.begin();
  return () => {
    sitting.close();
    draw(null, el);
  };
}

export default { render };
