// The record view: the forms by section at the left, the open section beside them.
import { html, useState } from "../core/html.js";
import { registerView } from "../core/views.js";
import { Contents } from "./contents.js";
import { Section } from "./section.js";

function RecordView() {
  const [drawer, setDrawer] = useState(false);
  return html`<div class="dx-record">
    <${Contents} open=${drawer} setOpen=${setDrawer} />
    <${Section} openContents=${() => setDrawer(true)} />
  </div>`;
}

registerView("record", { title: "填写", draw: RecordView });
