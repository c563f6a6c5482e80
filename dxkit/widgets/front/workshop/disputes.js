// The open disagreements of the case; the leader decides here, everybody sees both values.
import { html } from "../core/html.js";
import { useKnown } from "../core/sitting.js";
import { Choice } from "../shell/conflicts.js";
import { Pointer } from "../shell/pointer.js";

export function Disputes() {
  const open = useKnown((known) => known.conflicts);
  const may = useKnown((known) => Boolean(known.can.decide));
  if (!open.length) return html`<p class="dx-empty">没有待定的分歧。两个人先后改同一处而值不同时，两个值都会列在这里。</p>`;
  return html`<div class="dx-disputes">
    <p class="dx-lead">${open.length} 处有两个不同的值。${may ? "请选定一个；未选的值仍留在修改记录里。" : "由组长选定；在此之前沿用现用的值。"}</p>
    ${open.map(
      (conflict) => html`<section class="dx-conflict" key=${conflict.n} aria-label=${conflict.label ?? conflict.path}>
        <h2><${Pointer} to=${conflict}>${conflict.label ?? conflict.path}<//></h2>
        <${Choice} conflict=${conflict} />
      </section>`,
    )}
  </div>`;
}
