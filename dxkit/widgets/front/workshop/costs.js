// What one improvement is taken to cost: assumed amounts that the working group can replace.
import { html, useState } from "../core/html.js";

const LABELS = { steps: (place) => `第 ${place + 1} 步`, each: () => "每增加一个", once: () => "一次" };

export function Costs({ lever, unit, price }) {
  const wanted = lever.amounts?.length ?? 1;
  const [typed, setTyped] = useState(() => (lever.amounts ?? [""]).map(String));
  const [wrong, setWrong] = useState("");
  const put = (place, text) => {
    const next = typed.map((each, index) => (index === place ? text : each));
    setTyped(next);
    const amounts = next.map((each) => Number(each));
    const fits = next.every((each, index) => each.trim() !== "" && Number.isFinite(amounts[index]) && amounts[index] >= 0);
    setWrong(fits ? "" : `应为不小于 0 的数，单位${unit}`);
    if (fits) price(lever.question, wanted === 1 ? amounts[0] : amounts);
  };
  const restore = () => {
    price(lever.question, undefined);
    setWrong("");
  };
  return html`<fieldset class="dx-costs">
    <legend>${lever.label}的成本（${unit}）</legend>
    <div class="dx-costs-row">
      ${typed.map((text, place) => html`<label key=${place} class="dx-block">${LABELS[lever.kind](place)}
        <input class="dx-input" type="text" inputmode="decimal" value=${text} aria-invalid=${wrong ? "true" : undefined} onInput=${(event) => put(place, event.target.value)} />
      </label>`)}
    </div>
    <p class=${wrong ? "dx-trouble" : "dx-soft"} role="status">${wrong || "只在本机的情景中使用；转为建议时写进方案卡的投资估算。"}</p>
    ${!lever.assumed && html`<button type="button" class="dx-button dx-quiet" onClick=${restore}>恢复本工具的假定</button>`}
  </fieldset>`;
}
