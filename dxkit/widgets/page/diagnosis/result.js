// One indicator: its result, what it rests on condition by condition, what is missing and what
// contradicts it.
import { html, useRef } from "../core/html.js";
import { Pointer } from "../shell/pointer.js";
import { Bounds } from "./bounds.js";
import { Finding } from "./findings.js";
import { Condition, Mark, toneOf } from "./marks.js";

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
    <${Missing} missing=${result.missing} />
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
  const order = ["fails", "open", "holds", "exempt"];
  const told = [...why].sort((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
  return html`<details class="dx-why" open=${opened.current}>
    <summary>${summaryOf(result)}</summary>
    <ul>
      ${told.map(
        (each, index) => html`<li key=${index}>
          ${kind === "yes_no" && html`<${Condition} status=${each.status} words=${each.status_words} />`}
          ${each.to ? html`<${Pointer} to=${each.to}>${each.words}<//>` : html`<${Other} each=${each} jump=${jump} />`}
          <span class="dx-soft">${kind === "ratio" ? "：" : "，现为："}${each.found}</span>
        </li>`,
      )}
    </ul>
    <p class="dx-soft dx-origin">口径：${result.basis}${result.clause && `；指南 ${result.clause}`}</p>
  </details>`;
}

/** A condition on another indicator leads to that one. */
function Other({ each, jump }) {
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

function Missing({ missing }) {
  if (!missing.length) return null;
  return html`<div class="dx-missing">
    <strong>还缺 ${missing.length} 项：</strong>
    <ul>${missing.map((to) => html`<li key=${to.path}><${Pointer} to=${to} /></li>`)}</ul>
  </div>`;
}

function Support({ result }) {
  const { support, state } = result;
  if (state !== "known") return null;
  const words = support.accepted ? `已采信证据 ${support.accepted} 份${support.strength ? `，强度 ${support.strength}` : ""}` : "没有采信的证据";
  return html`<p class="dx-support">
    <span class="dx-soft">${words}</span>
    ${support.words && html`<span class="dx-tag dx-tag-warn">${support.words}</span>`}
  </p>`;
}
