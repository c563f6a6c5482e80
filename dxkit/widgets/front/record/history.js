// The history of one field in words, and the way back to an earlier value.
import { html, useState } from "../core/html.js";
import { useSitting } from "../core/sitting.js";
import { moment } from "../core/words.js";

export function History({ item }) {
  const sitting = useSitting();
  const [entries, setEntries] = useState(null);
  const load = async () =>
    setEntries((await sitting.act("history", { path: item.path }))?.entries ?? null);
  const restore = async (entry) => {
    sitting.edit({ path: item.path }, entry.restores, item.value ?? null);
    sitting.say(`已把“${item.label}”改回先前的值`, { undo: true });
  };
  if (entries === null) {
    return html`<div><button type="button" class="dx-button dx-quiet" onClick=${load}>修改记录<span class="dx-only-heard">：${item.label}</span></button></div>`;
  }
  return html`<div class="dx-history">
    <h3>修改记录</h3>
    ${entries.length === 0 && html`<p class="dx-soft">还没有人改过。</p>`}
    <ol>${entries.map(
      (entry, index) => html`<li key=${entry.n ?? index}>
      <span class="dx-soft">${moment(entry.at)}</span> ${entry.who}：${entry.what} 由“${entry.from}”改为“${entry.to}”
      ${item.editable && "restores" in entry && html` <button type="button" class="dx-link" onClick=${() => restore(entry)}>恢复为改动前的值</button>`}
    </li>`,
    )}</ol>
    <button type="button" class="dx-button dx-quiet" onClick=${() => setEntries(null)}>收起记录</button>
  </div>`;
}
