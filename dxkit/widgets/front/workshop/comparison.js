// The indicators as they are and as they would be; what moves comes first.
import { html, useState } from "../core/html.js";

const SIGNS = { better: "▲ 变好", worse: "▼ 变差", other: "◆ 改变", same: "" };
const told = (words, low, high) => (words === "未知" && low && high ? `${words}（${low}—${high}）` : words);

export function Comparison({ results }) {
  const [all, setAll] = useState(false);
  const moved = results.filter(({ change }) => change !== "same");
  const shown = all ? results : moved;
  return html`<div class="dx-comparison">
    <h3>${moved.length ? `${moved.length} 项指标会变` : "没有指标因此改变"}</h3>
    ${shown.length > 0 && html`<table>
      <thead><tr><th scope="col">指标</th><th scope="col">现在</th><th scope="col">情景</th><th scope="col"><span class="dx-only-heard">变化</span></th></tr></thead>
      <tbody>
        ${shown.map((each) => html`<tr key=${each.id} class=${`dx-change-${each.change}`}>
          <th scope="row"><span class="dx-no">${each.no}</span> ${each.short}</th>
          <td>${told(each.before, each.before_low, each.before_high)}</td>
          <td>${told(each.after, each.after_low, each.after_high)}${each.change !== "same" && each.after_state === "unknown" && html`<span class="dx-comparison-why">${each.reason}</span>`}</td>
          <td class="dx-change">${SIGNS[each.change]}</td>
        </tr>`)}
      </tbody>
    </table>`}
    <button type="button" class="dx-button dx-quiet" aria-pressed=${all ? "true" : "false"} onClick=${() => setAll(!all)}>${all ? "只看会变的" : "看全部 24 项"}</button>
  </div>`;
}
