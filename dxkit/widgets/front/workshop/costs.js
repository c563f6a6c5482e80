// What one improvement is taken to cost: amounts that a group tries out, and can then agree on.
import { html, useEffect, useState } from "../core/html.js";

const LABELS = {
  steps: (place) => `第 ${place + 1} 步`,
  each: () => "每增加一个",
  once: () => "一次",
};

export function Costs({ lever, unit, tried, price }) {
  const offered = () => Array.from({ length: lever.wanted }, (_, place) => String(lever.amounts?.[place] ?? ""));
  const [typed, setTyped] = useState(offered);
  const [wrong, setWrong] = useState("");
  // What is no trial any more shows again what counts.
  useEffect(() => {
    if (!tried) setTyped(offered());
  }, [tried, JSON.stringify(lever.amounts)]);
  const put = (place, text) => {
    const next = typed.map((each, index) => (index === place ? text : each));
    setTyped(next);
    const amounts = next.map((each) => Number(each));
    const fits = next.every(
      (each, index) => each.trim() !== "" && Number.isFinite(amounts[index]) && amounts[index] >= 0,
    );
    setWrong(fits ? "" : `应为不小于 0 的数，单位${unit}`);
    if (fits) price(lever.question, lever.wanted === 1 ? amounts[0] : amounts);
  };
  const restore = () => {
    price(lever.question, undefined);
    setTyped(offered());
    setWrong("");
  };
  return html`<fieldset class="dx-costs">
    <legend>${lever.label}的成本（${unit}）</legend>
    <div class="dx-costs-row">
      ${typed.map(
        (text, place) => html`<label key=${place} class="dx-block">${LABELS[lever.kind](place)}
        <input class="dx-input" type="text" inputmode="decimal" value=${text} aria-invalid=${wrong ? "true" : undefined} onInput=${(event) => put(place, event.target.value)} />
      </label>`,
      )}
    </div>
    <p class=${wrong ? "dx-trouble" : "dx-soft"} role="status">${wrong || "改了先在本机试用；采用为工作组成本后大家都按它计。"}</p>
    ${tried && html`<button type="button" class="dx-button dx-quiet" onClick=${restore}>恢复${lever.agreed === null ? "本工具的假定" : "工作组的成本"}</button>`}
  </fieldset>`;
}
