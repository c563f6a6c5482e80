// Rows copied from Excel: taken in by the kernel as a whole, or told cell by cell what does not fit.
import { html, useRef, useState } from "../core/html.js";
import { useSitting } from "../core/sitting.js";
import { Dialog } from "../shell/dialog.js";

/** Catch a block of cells that is pasted anywhere on a table; a single value goes into its cell. */
export function useTablePaste(item, show) {
  return (event) => {
    if (!item.editable) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/\t/.test(text) && text.trim().split(/\r?\n/).length < 2) return;
    if (event.target.tagName === "TEXTAREA" && !/\t/.test(text)) return;
    event.preventDefault();
    show(text);
  };
}

export function Paste({ item, text, close }) {
  const sitting = useSitting();
  const [now, setNow] = useState(text);
  const [unfit, setUnfit] = useState(null);
  const [busy, setBusy] = useState(false);
  const own = useRef();
  const rows = now.trim() ? now.trim().split(/\r?\n/).length : 0;
  const take = async (partly) => {
    setBusy(true);
    const before = item.rows.length;
    const reply = await sitting.act("row", {
      path: item.path,
      action: "paste",
      text: now,
      ...(partly ? { partly: true } : {}),
    });
    setBusy(false);
    if (!reply) return;
    if (!reply.saved) {
      setUnfit(reply.unfit ?? []);
      return;
    }
    const after = reply.item?.rows?.length ?? before;
    sitting.say(`已粘贴 ${after - before} 行到“${item.label}”`, { undo: true });
    close();
  };
  const headings = item.columns
    .filter(({ editable }) => editable !== false)
    .map(({ label }) => label);
  return html`<${Dialog} title=${`从 Excel 粘贴：${item.label}`} close=${close} wide>
    <p>在 Excel 中选中若干行复制，粘贴到下面。第一行可以是表头（按名称对应各列），没有表头的按这个顺序：${headings.join("、")}。</p>
    <label class="dx-block">要粘贴的内容
      <textarea class="dx-input dx-paste" rows="8" autofocus ref=${own} value=${now} onInput=${(
        event,
      ) => {
        setNow(event.target.value);
        setUnfit(null);
      }}></textarea>
    </label>
    <p class="dx-soft" role="status">${rows ? `${rows} 行` : "还没有内容"}</p>
    ${
      unfit &&
      html`<div role="alert" class="dx-unfit">
      <p><strong>有 ${unfit.length} 处不合要求，一行也没有存入。</strong></p>
      <ul>${unfit.slice(0, 30).map((each, index) => html`<li key=${index}>${told(each)}</li>`)}</ul>
      ${unfit.length > 30 && html`<p>其余 ${unfit.length - 30} 处从略。</p>`}
    </div>`
    }
    <div class="dx-table-tools">
      <button type="button" class="dx-button dx-main-button" disabled=${!rows || busy} onClick=${() => take(false)}>${busy ? "正在存入…" : "存入"}</button>
      ${unfit && html`<button type="button" class="dx-button" disabled=${busy} onClick=${() => take(true)}>只存入合要求的行</button>`}
    </div>
  <//>`;
}

/** Say where something does not fit and what would; row 0 is the line of headings. */
function told({ row, column, found, expected }) {
  const where = row ? `第${row}行` : row === 0 ? "表头" : "";
  return `${where} ${column}${found ? `“${found}”` : ""}：${expected}`;
}
