// What if: answers changed beside the record, what they would cost and move, and the way into the report.
import { html, useState } from "../core/html.js";
import { useLook } from "../core/looks.js";
import { Waiting } from "../shell/waiting.js";
import { Comparison } from "./comparison.js";
import { Goal } from "./goal.js";
import { Levers } from "./levers.js";
import { money } from "./money.js";
import { useScenario } from "./scenario.js";
import { Suggest } from "./suggest.js";

export function WhatIf({ choose }) {
  const scenario = useScenario();
  const { changes, costs } = scenario;
  const look = useLook("levers", { costs });
  if (!look.reply) return html`<${Waiting} look=${look} words="正在找出可以改变的答案…" />`;
  const { levers, goals, unit, says } = look.reply;
  return html`<div class="dx-what-if">
    <p class="dx-scenario-banner"><strong>情景，不写入记录。</strong>${says}</p>
    ${look.problem && html`<p class="dx-trouble" role="alert">${look.problem}</p>`}
    <div class="dx-what-if-parts">
      <${Goal} goals=${goals} costs=${costs} take=${scenario.take} />
      ${Object.keys(changes).length === 0
        ? html`<section class="dx-card dx-scenario" aria-label="情景"><h2>情景</h2><p class="dx-soft">还没有改动。选一项要达到的目标，或者直接改几个答案，这里就列出 24 项指标会怎样变。</p></section>`
        : html`<${Scenario} scenario=${scenario} unit=${unit} choose=${choose} />`}
      <${Levers} levers=${levers} goals=${goals} unit=${unit} scenario=${scenario} />
    </div>
  </div>`;
}

function Scenario({ scenario, unit, choose }) {
  const { changes, costs, change, clear } = scenario;
  const look = useLook("what_if", { changes, costs });
  const [confirming, confirm] = useState(false);
  if (!look.reply) return html`<section class="dx-card dx-scenario" aria-label="情景"><h2>情景</h2><${Waiting} look=${look} words="正在计算…" /><button type="button" class="dx-button" onClick=${clear}>清空情景</button></section>`;
  const { reply } = look;
  const named = new Set(reply.changes.map(({ question }) => question));
  const rest = Object.keys(changes).filter((question) => !named.has(question));
  return html`<section class="dx-card dx-scenario" aria-label="情景" aria-busy=${look.busy ? "true" : "false"}>
    <div class="dx-card-head"><h2>情景</h2><button type="button" class="dx-button dx-quiet" onClick=${clear}>清空</button></div>
    ${look.problem && html`<p class="dx-trouble" role="alert">${look.problem}</p>`}
    <ul class="dx-steps">
      ${reply.changes.map((step) => html`<li key=${step.question}>
        <span><b>${step.label}</b>：${step.before} → ${step.after}</span>
        <span class="dx-cost">${money(step.cost, unit)}</span>
        <button type="button" class="dx-button dx-quiet" onClick=${() => change(step.question, undefined)} aria-label=${`从情景中去掉：${step.label}`}>去掉</button>
      </li>`)}
    </ul>
    ${rest.length > 0 && html`<p class="dx-soft">另有 ${rest.length} 项与现在的答案相同，不计。</p>`}
    <p class="dx-total">合计 <b>${reply.cost_words}</b></p>
    <${Comparison} results=${reply.results} />
    <div class="dx-card-tools">
      <button type="button" class="dx-button dx-main-button" disabled=${!reply.changes.length} onClick=${() => confirm(true)}>转为建议…</button>
    </div>
    ${confirming && html`<${Suggest} steps=${reply.changes} unit=${unit} total=${reply.cost_words} changes=${changes} costs=${costs} close=${() => confirm(false)} done=${() => choose("proposals")} />`}
  </section>`;
}
