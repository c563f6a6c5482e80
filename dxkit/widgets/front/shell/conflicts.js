// The open conflicts of the case: both values, who and when, and the leader's decision.
import { html } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { moment } from "../core/words.js";
import { Dialog } from "./dialog.js";

export function Conflicts({ close }) {
  const sitting = useSitting();
  const open = useKnown((known) => known.conflicts);
  const jump = (conflict) => {
    close();
    sitting.go({
      view: "record",
      form: conflict.form,
      section: conflict.section,
      path: conflict.path,
    });
  };
  return html`<${Dialog} title="待定的分歧" close=${close}>
    ${open.length === 0 && html`<p class="dx-empty">没有待定的分歧。</p>`}
    ${open.map(
      (conflict) => html`<section class="dx-conflict" key=${conflict.n}>
        <h3><button type="button" class="dx-link" onClick=${() => jump(conflict)}>${conflict.label ?? conflict.path}</button></h3>
        <${Choice} conflict=${conflict} />
      </section>`,
    )}
  <//>`;
}

/** Both values of one conflict; whoever may decide gets a button at each. */
export function Choice({ conflict }) {
  const sitting = useSitting();
  const may = useKnown((known) => Boolean(known.can.decide));
  const decide = (choose) => sitting.act("decide", { n: conflict.n, choose });
  const from = [conflict.by ?? conflict.who ?? "另一位", conflict.at && moment(conflict.at)]
    .filter(Boolean)
    .join(" ");
  return html`<dl class="dx-versus">
      <div><dt>现用的值</dt><dd><span>${conflict.theirs?.text || "（空）"}</span>
        ${may && html`<button type="button" class="dx-button" onClick=${() => decide("theirs")}>采用此值</button>`}</dd></div>
      <div><dt>${from} 填的值</dt><dd><span>${conflict.mine?.text || "（空）"}</span>
        ${may && html`<button type="button" class="dx-button" onClick=${() => decide("mine")}>采用此值</button>`}</dd></div>
    </dl>
    ${!may && html`<p class="dx-soft">由组长决定采用哪一个；在此之前沿用现用的值。</p>`}`;
}
