// A goal and the cheapest set of changes that reaches it, worked out exactly by the kernel.
import { html, useId, useState } from "../core/html.js";
import { useKept } from "../core/looks.js";
import { useSitting } from "../core/sitting.js";
import { money } from "./money.js";

const USUAL = "smart_manufacturing_ready";

export function Goal({ goals, costs, take }) {
  const sitting = useSitting();
  const id = useId();
  const [wanted, setWanted] = useKept("what_if/goals", [{ indicator: USUAL }]);
  const [plan, setPlan] = useState(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const known = new Map(goals.map((goal) => [goal.indicator, goal]));
  const put = (place, goal) => {
    setWanted(wanted.map((each, index) => (index === place ? goal : each)));
    setPlan(null);
  };
  const drop = (place) => {
    setWanted(wanted.filter((_each, index) => index !== place));
    setPlan(null);
  };
  const add = () => {
    const free = goals.find(({ indicator }) => !wanted.some((each) => each.indicator === indicator));
    if (free) setWanted([...wanted, { indicator: free.indicator }]);
    setPlan(null);
  };
  const find = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem("");
    try {
      setPlan(await sitting.ask("cheapest", { goal: wanted.map((each) => asked(each, known)), costs }));
    } catch (refusal) {
      setPlan(null);
      setProblem(refusal.message);
    }
    setBusy(false);
  };
  return html`<section class="dx-card dx-goals" aria-labelledby=${id}>
    <h2 id=${id}>要达到什么</h2>
    <form onSubmit=${find}>
      ${wanted.map((goal, place) => html`<${One} key=${place} place=${place} goal=${goal} goals=${goals} known=${known} put=${put} drop=${wanted.length > 1 ? drop : null} />`)}
      <div class="dx-card-tools">
        <button type="submit" class="dx-button dx-main-button" disabled=${busy}>${busy ? "正在计算…" : "找成本最低的做法"}</button>
        <button type="button" class="dx-button dx-quiet" onClick=${add} disabled=${wanted.length >= goals.length}>再加一个目标</button>
      </div>
    </form>
    <div role="status" aria-live="polite">
      ${problem && html`<p class="dx-trouble">${problem}</p>`}
      ${plan && html`<${Plan} plan=${plan} take=${take} />`}
    </div>
  </section>`;
}

/** A goal as the kernel reads it: an id, or an id with a share. */
function asked({ indicator, percent }, known) {
  if (known.get(indicator)?.kind !== "ratio") return indicator;
  const share = Number(percent);
  return { indicator, at_least: percent === undefined || percent === "" || Number.isNaN(share) ? null : share / 100 };
}

function One({ place, goal, goals, known, put, drop }) {
  const ratio = known.get(goal.indicator)?.kind === "ratio";
  return html`<div class="dx-goal">
    <label class="dx-block dx-goal-what">目标 ${place + 1}
      <select class="dx-input" value=${goal.indicator} onChange=${(event) => put(place, { indicator: event.target.value })}>
        ${goals.map(({ indicator, no, name, kind }) => html`<option key=${indicator} value=${indicator}>${no} ${name}${kind === "ratio" ? "" : "：是"}</option>`)}
      </select>
    </label>
    ${ratio && html`<label class="dx-block dx-goal-share">至少（%）
      <input class="dx-input" type="text" inputmode="decimal" value=${goal.percent ?? ""} placeholder="如 80" onInput=${(event) => put(place, { ...goal, percent: event.target.value })} />
    </label>`}
    ${drop && html`<button type="button" class="dx-button dx-quiet" onClick=${() => drop(place)} aria-label=${`去掉目标 ${place + 1}`}>去掉</button>`}
  </div>`;
}

function Plan({ plan, take }) {
  const { hopeful, unit } = plan;
  const load = (changes) => take(Object.fromEntries(changes.map(({ question, value }) => [question, value])));
  return html`<div class="dx-plan">
    ${plan.impossible
      ? html`<p class="dx-plan-words"><strong>达不到。</strong>${plan.impossible}</p>`
      : html`<p class="dx-plan-words">${plan.words}</p>
          ${plan.changes.length > 0 && html`<ol class="dx-steps">${plan.changes.map((step) => html`<li key=${step.question}><span><b>${step.label}</b>：${step.before} → ${step.after}</span><span class="dx-cost">${money(step.cost, unit)}</span></li>`)}</ol>
          <button type="button" class="dx-button" onClick=${() => load(plan.changes)}>放入情景</button>`}`}
    <p class="dx-soft">${hopeful.impossible ?? hopeful.words}</p>
  </div>`;
}
