// The answers that could be better: what each costs, what it alone would move, and a way to try it.
import { html, useId, useState } from "../core/html.js";
import { useKept } from "../core/looks.js";
import { Pointer } from "../shell/pointer.js";
import { Choose } from "../shell/tabs.js";
import { Adopt } from "./adopt.js";
import { Costs } from "./costs.js";
import { money } from "./money.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function Levers({ levers, goals, unit, scenario }) {
  const id = useId();
  const [which, setWhich] = useKept("what_if/which", "all");
  const names = new Map(goals.map(({ indicator, no }) => [indicator, no]));
  const moving = levers.filter(({ steps }) => steps.some(({ moves }) => moves.length));
  const options = [
    { id: "all", title: "全部", count: levers.length },
    { id: "moving", title: "单独改就有变化", count: moving.length },
  ];
  const shown = which === "moving" ? moving : levers;
  return html`<section class="dx-card dx-means" aria-labelledby=${id}>
    <h2 id=${id}>改哪些答案</h2>
    ${levers.length > 0 && html`<${Choose} label="列出哪些" options=${options} chosen=${which} choose=${setWhich} />`}
    <${Adopt} levers=${levers} costs=${scenario.costs} unit=${unit} drop=${scenario.restore} />
    ${shown.length === 0 && html`<p class="dx-soft">${levers.length ? "没有单独改一项就能改变的指标，要几项一起改。" : "没有可以再提高的答案。"}</p>`}
    <ul class="dx-levers">${shown.map((lever) => html`<${Lever} key=${lever.question} lever=${lever} names=${names} unit=${unit} scenario=${scenario} />`)}</ul>
  </section>`;
}

function Lever({ lever, names, unit, scenario }) {
  const [pricing, setPricing] = useState(false);
  const id = useId();
  const value = scenario.changes[lever.question];
  const step = lever.steps.find((each) => same(each.value, value));
  return html`<li class=${`dx-lever${value === undefined ? "" : " dx-lever-on"}`}>
    <div class="dx-lever-head">
      <span class="dx-lever-name"><${Pointer} to=${lever} /></span>
      <span class="dx-soft">现为：${lever.now}</span>
    </div>
    <div class="dx-lever-try">
      <${Try} lever=${lever} value=${value} unit=${unit} id=${id} choose=${(next) => scenario.change(lever.question, next)} />
      <button type="button" class="dx-button dx-quiet" aria-expanded=${pricing ? "true" : "false"} onClick=${() => setPricing(!pricing)} aria-label=${`成本：${lever.label}`}>成本</button>
    </div>
    ${step?.moves.length > 0 && html`<p class="dx-soft">单独这样改：${step.moves.join("、")}会变</p>`}
    <p class="dx-soft dx-lever-for">关系到指标 ${lever.indicators.map((each) => names.get(each)).join("、")} · ${lever.cost_words}</p>
    ${pricing && html`<${Costs} lever=${lever} unit=${unit} tried=${lever.question in scenario.costs} price=${scenario.price} />`}
  </li>`;
}

/** The offered improvements; of a count also any other number. */
function Try({ lever, value, unit, id, choose }) {
  const place = lever.steps.findIndex((each) => same(each.value, value));
  const own = value !== undefined && place < 0;
  const [typing, setTyping] = useState(own && lever.kind === "each");
  const pick = (event) => {
    const picked = event.target.value;
    setTyping(picked === "other");
    if (picked === "other") return;
    choose(picked === "" ? undefined : lever.steps[Number(picked)].value);
  };
  const type = (event) => {
    const text = event.target.value.trim();
    if (text === "") choose(undefined);
    else if (/^\d+$/.test(text)) choose(Number(text));
  };
  return html`<label class="dx-lever-pick" for=${id}>假如改为</label>
    <select class="dx-input" id=${id} value=${typing ? "other" : place < 0 ? (own ? "own" : "") : String(place)} onChange=${pick}>
      <option value="">不变</option>
      ${lever.steps.map((each, index) => html`<option key=${index} value=${String(index)}>${each.words}（${money(each.cost, unit)}）</option>`)}
      ${own && !typing && html`<option value="own">情景中的值</option>`}
      ${lever.kind === "each" && html`<option value="other">其他数…</option>`}
    </select>
    ${typing && html`<input class="dx-input dx-lever-number" type="text" inputmode="numeric" aria-label=${`${lever.label}改为多少`} value=${value ?? ""} onInput=${type} />`}`;
}
