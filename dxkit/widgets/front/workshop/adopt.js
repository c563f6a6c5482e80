// Costs that a group tried out become the costs of the working group, kept in the case.
import { html, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Dialog } from "../shell/dialog.js";

const amounts = (cost, unit) =>
  cost === null ? "本工具的假定" : ` ${[cost].flat().join("、")} ${unit}`;

/** How many costs are tried out in this tab only, and the way to agree on them. */
export function Adopt({ levers, costs, unit, drop }) {
  const [asking, ask] = useState(false);
  const tried = levers.filter(({ question }) => question in costs);
  if (!tried.length) return null;
  return html`<div class="dx-tried">
    <p>试用的成本 ${tried.length} 项，只在本机起作用。</p>
    <div class="dx-card-tools">
      <button type="button" class="dx-button" onClick=${() => ask(true)}>采用为工作组成本…</button>
      <button type="button" class="dx-button dx-quiet" onClick=${() => drop(tried)}>都恢复</button>
    </div>
    ${asking && html`<${Agreeing} tried=${tried} costs=${costs} unit=${unit} drop=${drop} close=${() => ask(false)} />`}
  </div>`;
}

function Agreeing({ tried, costs, unit, drop, close }) {
  const sitting = useSitting();
  const may = useKnown((known) => Boolean(known.forms.find(({ id }) => id === "annex_2")?.editable));
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const write = async () => {
    setBusy(true);
    setProblem("");
    const of = (value) => Object.fromEntries(tried.map((lever) => [lever.question, value(lever)]));
    try {
      const { adopted } = await sitting.write("adopt_costs", {
        costs: of(({ question }) => costs[question]),
        seen: of(({ agreed }) => agreed),
        note: note.trim(),
      });
      drop(tried);
      sitting.say(`已采用 ${adopted} 项为工作组成本，记入附件2的改进成本`, { undo: true });
      close();
    } catch (refusal) {
      setProblem(refusal.message);
      setBusy(false);
    }
  };
  return html`<${Dialog} title="采用为工作组成本" close=${close}>
    <p>写入附件2第7章的“改进成本”，记入修改记录，可以撤销；此后情景和转成的建议都按它计。</p>
    <ul class="dx-steps">${tried.map(
      (lever) => html`<li key=${lever.question}>
        <span><b>${lever.label}</b>：由${amounts(lever.agreed, unit)}改为${amounts(costs[lever.question], unit)}</span>
      </li>`,
    )}</ul>
    <label class="dx-block">依据（可不填）
      <input class="dx-input" maxlength="200" placeholder="如询价、同类项目的合同" value=${note} onInput=${(event) => setNote(event.target.value)} />
    </label>
    ${!may && html`<p class="dx-note">您的身份不修改报告；请组长或组员来采用。</p>`}
    ${problem && html`<p class="dx-trouble" role="alert">${problem}</p>`}
    <div class="dx-card-tools">
      <button type="button" class="dx-button dx-main-button" disabled=${busy || !may} onClick=${write}>${busy ? "正在写入…" : "采用"}</button>
      <button type="button" class="dx-button" onClick=${close}>不采用</button>
    </div>
  <//>`;
}
