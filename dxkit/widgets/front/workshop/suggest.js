// From a scenario into the report: what will be written is read before it is written.
import { html, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Dialog } from "../shell/dialog.js";
import { money } from "./money.js";

export function Suggest({ steps, unit, total, changes, costs, close, done }) {
  const sitting = useSitting();
  const may = useKnown((known) => Boolean(known.forms.find(({ id }) => id === "annex_2")?.editable));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const write = async () => {
    setBusy(true);
    setProblem("");
    try {
      const { added } = await sitting.write("suggest", { changes, costs });
      sitting.say(`已写入报告第7章 ${added} 张方案卡，请接着补齐实施条件、时限等内容；不要的可撤销，或在表中删除`, { undo: true });
      close();
      sitting.go({ form: "annex_2", section: "chapter_7", path: undefined });
      done();
    } catch (refusal) {
      setProblem(refusal.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title="转为建议" close=${close}>
    <p>下列 ${steps.length} 项改动将写入报告第7章的方案卡，成本作为投资估算，合计 ${total}。案卷中的答案不变。</p>
    <ul class="dx-steps">${steps.map((step) => html`<li key=${step.question}><span>${step.words}</span><span class="dx-cost">${money(step.cost, unit)}</span></li>`)}</ul>
    ${!may && html`<p class="dx-note">您的身份不修改报告；请组长或组员来做。</p>`}
    ${problem && html`<p class="dx-trouble" role="alert">${problem}</p>`}
    <div class="dx-card-tools">
      <button type="button" class="dx-button dx-main-button" disabled=${busy || !may} onClick=${write}>写入报告</button>
      <button type="button" class="dx-button" onClick=${close}>不写</button>
    </div>
  <//>`;
}
