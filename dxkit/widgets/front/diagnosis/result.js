// One indicator: its result, what it rests on condition by condition, what is missing and what
// contradicts it.
import { html, useRef } from "../core/html.js";
import { Pointer } from "../shell/pointer.js";
import { Bounds } from "./bounds.js";
import { Finding } from "./findings.js";
import { Condition, Mark, toneOf } from "./marks.js";

const FEW = 4;
const ORDER = ["fails", "open", "holds", "exempt"];

export const anchorOf = (id) => `dx-result-${id}`;

export function Result({ result, findings, jump }) {
  const own = findings.filter(({ indicators }) => indicators.includes(result.id));
  return html`<article class=${`dx-result dx-result-${toneOf(result)}`} id=${anchorOf(result.id)} tabindex="-1" aria-labelledby=${`${anchorOf(result.id)}-name`}>
    <div class="dx-result-head">
      <h4 id=${`${anchorOf(result.id)}-name`}><span class="dx-no">${result.no}</span> ${result.name}</h4>
      <${Mark} result=${result} />
    </div>
    <${Bounds} result=${result} />
    <${Reasons} result=${result} jump=${jump} />
    <${Missing} missing=${missingBeside(result)} />
    <${Support} result=${result} />
    ${own.map((finding, index) => html`<${Finding} key=${index} finding=${finding} />`)}
  </article>`;
}

/** The conditions, those that do not hold first; folded away once a yes needs no explaining. */
function Reasons({ result, jump }) {
  const { why, state, kind } = result;
  const opened = useRef(null);
  opened.current ??= state === "unknown" || toneOf(result) === "no";
  if (!why.length) return html`<p class="dx-result-reason">${result.reason}</p>`;
  const settled = kind === "yes_no" && why.length > FEW ? why.filter(({ status }) => status === "holds") : [];
  const told = why.filter((each) => !settled.includes(each)).sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  return html`<details class="dx-why" open=${opened.current}>
    <summary>${summaryOf(result)}</summary>
    <ul>
      ${told.map(
        (each, index) => html`<li key=${index}>
          ${(kind === "yes_no" || each.status === "open") && html`<${Condition} status=${each.status} words=${kind === "yes_no" ? each.status_words : "缺"} />`}
          <${Asked} each=${each} jump=${jump} />
          <span class="dx-soft">${kind === "ratio" ? "：" : "，现为："}${each.found}</span>
        </li>`,
      )}
      ${settled.length > 0 && html`<li>
        <${Condition} status="holds" words="满足" />
        <span class="dx-settled">${settled.map((each, index) => html`<span key=${index}><${Asked} each=${each} jump=${jump} /><span class="dx-soft">（${each.found}）</span></span>`)}</span>
      </li>`}
    </ul>
    <p class="dx-soft dx-origin">口径：${result.basis}${result.clause && `；指南 ${result.clause}`}</p>
  </details>`;
}

/** What a condition asks for, as a way to its question or to the other indicator it speaks of. */
function Asked({ each, jump }) {
  if (each.to) return html`<${Pointer} to=${each.to}>${each.words}<//>`;
  if (!each.indicator) return html`<span>${each.words}</span>`;
  return html`<button type="button" class="dx-link" onClick=${() => jump(each.indicator)}>${each.words}</button>`;
}

function summaryOf({ kind, why, state, reason }) {
  if (kind === "ratio") return state === "known" ? reason : "怎样算出";
  if (state === "not_applicable") return `为什么不适用：${reason}`;
  const count = (status) => why.filter((each) => each.status === status).length;
  const parts = [
    [count("fails"), "项不满足"],
    [count("open"), "项未知"],
    [count("holds"), "项满足"],
    [count("exempt"), "项不适用"],
  ];
  return `${why.length} 项条件：${parts.filter(([number]) => number).map(([number, words]) => `${number} ${words}`).join("，")}`;
}

/** What is missing below the conditions that already lead to what they miss. */
function missingBeside({ why, missing }) {
  const told = new Set(why.map(({ to }) => to?.path));
  return missing.filter(({ path }) => !told.has(path));
}

function Missing({ missing }) {
  if (!missing.length) return null;
  return html`<div class="dx-missing">
    <strong>${missing.length} 项未填，答了才能判定：</strong>
    <ul>${missing.map((to) => html`<li key=${to.path}><${Pointer} to=${to} /></li>`)}</ul>
  </div>`;
}

function Support({ result }) {
  const { support, state } = result;
  if (state !== "known" || (!support.accepted && !support.words)) return null;
  const words = support.accepted ? `已采信证据 ${support.accepted} 份${support.strength ? `，强度 ${support.strength}` : ""}` : "没有采信的证据";
  return html`<p class="dx-support">
    <span class="dx-soft">${words}</span>
    ${support.words && html`<span class="dx-tag dx-tag-warn">${support.words}</span>`}
  </p>`;
}
