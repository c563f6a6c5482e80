// What to ask next: open questions, documents to get and places to see, by whom, where or what for.
import { html, useState } from "../core/html.js";
import { useKept, useLook } from "../core/looks.js";
import { Pointer } from "../shell/pointer.js";
import { Choose } from "../shell/tabs.js";
import { Waiting } from "../shell/waiting.js";

const WAYS = [
  { id: "department", title: "按部门" },
  { id: "place", title: "按地点" },
  { id: "worth", title: "按类别" },
];
const KINDS = { question: "题目", document: "材料", machine: "现场" };
const AT_FIRST = 5;
const nameOf = ({ kind, path, label }) => `${kind}/${path}/${label}`;

export function AskNext() {
  const [by, setBy] = useKept("ask/by", "department");
  const [ticked, setTicked] = useKept("ask/ticked", []);
  const [hidden, setHidden] = useKept("ask/hidden", false);
  const [chosen, setChosen] = useState("");
  const look = useLook("ask_next", { by });
  const done = new Set(ticked);
  const tick = (ask, on) => setTicked((before) => [...before.filter((each) => each !== nameOf(ask)), ...(on ? [nameOf(ask)] : [])]);
  const turn = (way) => {
    setBy(way);
    setChosen("");
  };
  if (!look.reply) return html`<${Waiting} look=${look} words="正在排出接下来最该问的…" />`;
  const { groups, total, words } = look.reply;
  const here = groups.some(({ title }) => title === chosen) ? chosen : "";
  const open = (asks) => (hidden ? asks.filter((ask) => !done.has(nameOf(ask))) : asks);
  const unique = new Set(groups.flatMap(({ asks }) => asks).map(nameOf));
  const left = [...unique].filter((name) => !done.has(name)).length;
  if (!total) return html`<p class="dx-empty">${words}</p>`;
  const options = [{ id: "", title: "全部", count: total }, ...groups.map(({ title, asks }) => ({ id: title, title, count: asks.length }))];
  return html`<div class="dx-ask">
    <p class="dx-lead">越靠前的，越能让未知的指标定下来。共 ${total} 项，本次还剩 ${left} 项。勾选只在本机记着“本次已问过”，不改动记录。</p>
    <div class="dx-ask-tools">
      <${Choose} label="怎样分组" options=${WAYS} chosen=${by} choose=${turn} />
      <label class="dx-choice"><input type="checkbox" checked=${hidden} onChange=${(event) => setHidden(event.target.checked)} /><span>不显示已问过的</span></label>
    </div>
    <${Groups} options=${options} chosen=${here} choose=${setChosen} by=${by} />
    ${groups
      .filter(({ title }) => here === "" || title === here)
      .map(({ title, asks }) => html`<${Group} key=${title} title=${title} asks=${open(asks)} all=${asks.length} whole=${here !== ""} choose=${() => setChosen(title)} done=${done} tick=${tick} />`)}
  </div>`;
}

/** Which group to look at; a list on a phone, where fifteen buttons would hide the questions. */
function Groups({ options, chosen, choose, by }) {
  return html`<div class="dx-ask-groups">
    <div class="dx-wide-only"><${Choose} label="只看" options=${options} chosen=${chosen} choose=${choose} /></div>
    <label class="dx-block dx-narrow-only">${WAYS.find(({ id }) => id === by).title}只看
      <select class="dx-input" value=${chosen} onChange=${(event) => choose(event.target.value)}>
        ${options.map(({ id, title, count }) => html`<option key=${id} value=${id}>${title}（${count}）</option>`)}
      </select>
    </label>
  </div>`;
}

function Group({ title, asks, all, whole, choose, done, tick }) {
  const shown = whole ? asks : asks.slice(0, AT_FIRST);
  return html`<section class="dx-ask-group" aria-label=${title}>
    <h2>${title} <span class="dx-count">${all} 项</span></h2>
    ${asks.length === 0 && html`<p class="dx-soft">本次都问过了。</p>`}
    <ul class="dx-asks">${shown.map((ask) => html`<${Ask} key=${nameOf(ask)} ask=${ask} ticked=${done.has(nameOf(ask))} tick=${tick} />`)}</ul>
    ${asks.length > shown.length && html`<button type="button" class="dx-button" onClick=${choose}>${title}还有 ${asks.length - shown.length} 项</button>`}
  </section>`;
}

function Ask({ ask, ticked, tick }) {
  return html`<li class=${`dx-ask-one${ticked ? " dx-ask-done" : ""}`}>
    <label class="dx-ask-tick"><input type="checkbox" checked=${ticked} onChange=${(event) => tick(ask, event.target.checked)} aria-label=${`本次已问过：${ask.label}`} /></label>
    <div class="dx-ask-told">
      <p class="dx-ask-label"><span class=${`dx-tag dx-kind-${ask.kind}`}>${KINDS[ask.kind]}</span> <${Pointer} to=${ask} /></p>
      <p class="dx-ask-reason">${ask.reason}</p>
      ${ask.wanted.length > 0 && html`<p class="dx-soft">可要：${ask.wanted.map((each) => each.replace(/[。；]$/, "")).join("；")}</p>`}
      <div class="dx-ask-more">
        ${ask.also && html`<span class="dx-soft">或填：<${Pointer} to=${ask.also} /></span>`}
        ${ask.help && html`<details class="dx-ask-help"><summary>怎样问</summary><p>${ask.help}</p></details>`}
      </div>
      <p class="dx-soft dx-ask-who">${ask.departments.join("、")} · ${ask.places.join("、")}</p>
    </div>
  </li>`;
}
