// The 24 results at a glance: a card for each direction with its counts and a small tile for each
// indicator that leads to it.
import { html } from "../core/html.js";
import { signOf, toneOf } from "./marks.js";

const WORDS = ["是", "否", "未知", "不适用"];

export function Summary({ results, directions, jump }) {
  return html`<section class="dx-summary" aria-label="各方向汇总">
    ${directions.map(
      (direction) => html`<${Direction} key=${direction.id} direction=${direction} results=${results.filter((each) => each.direction === direction.id)} jump=${jump} />`,
    )}
  </section>`;
}

function Direction({ direction, results, jump }) {
  const ratios = results.filter(({ kind }) => kind === "ratio").length;
  const counts = WORDS.filter((word) => direction.counts[word]).map((word) => `${word} ${direction.counts[word]}`);
  return html`<div class="dx-direction-card">
    <h2>${direction.name}</h2>
    <p class="dx-direction-known">已判定 <b>${direction.known}</b>/${direction.applicable} 项${direction.applicable < results.length ? `（适用的）` : ""}</p>
    <ul class="dx-tiles">
      ${results.map(
        (result) => html`<li key=${result.id}>
          <button type="button" class=${`dx-tile dx-mark-${toneOf(result)}`} onClick=${() => jump(result.id)} title=${`${result.short}：${result.words}`}>
            <span class="dx-tile-seen" aria-hidden="true"><b>${result.no}</b> <span>${toneOf(result) === "rate" ? short(result) : signOf(result)}</span></span>
            <span class="dx-only-heard">${`指标${result.no} ${result.short}：${result.words}`}</span>
          </button>
        </li>`,
      )}
    </ul>
    <p class="dx-soft dx-direction-counts">${[ratios && `比率 ${ratios} 项`, ...counts, meanWords(direction)].filter(Boolean).join("，")}</p>
  </div>`;
}

const short = ({ low }) => `${Math.round(low * 100)}%`;

/** A figure of this tool, never called a score. */
function meanWords({ low, high, reference }) {
  if (low === null || high === null) return "";
  const one = (share) => `${(share * 100).toFixed(1)}%`;
  return `平均 ${low === high ? one(low) : `${one(low)}—${one(high)}`}（${reference}）`;
}
