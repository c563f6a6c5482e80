// A repeating table: rows on a laptop, cards on a phone; added to, pasted into, reordered, deleted.
import { html, useEffect, useId, useRef, useState } from "../core/html.js";
import { cellsStored, newKey } from "../core/rows.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Past, Title } from "./field_edited.js";
import { Paste, useTablePaste } from "./paste.js";
import { Row } from "./row.js";

const AT_ONCE = 40;

export function Table({ item }) {
  const sitting = useSitting();
  const id = useId();
  const own = useRef();
  const [fresh, setFresh] = useState([]); // keys of rows that have no place in the case yet
  const [shown, setShown] = useState(AT_ONCE);
  const [pasting, setPasting] = useState(null);
  const [toFocus, setToFocus] = useState(null);
  const paste = useTablePaste(item, setPasting);
  const bound = new Set(item.rows.map(({ key }) => key));
  const open = fresh.filter((key) => !bound.has(key));
  const columns = item.columns ?? [];

  useEffect(() => {
    if (!toFocus) return;
    const row = own.current.querySelector(`[data-row="${toFocus.key}"]`);
    row?.querySelector(toFocus.of ?? "input, select, textarea, summary")?.focus();
    setToFocus(null);
  }, [toFocus]);

  const add = () => {
    const key = newKey();
    setFresh([...open, key]);
    setShown(Math.max(shown, item.rows.length + open.length + 1));
    setToFocus({ key });
  };
  const act = (row, action, more = {}) =>
    sitting.act("row", { path: item.path, action, index: row.n, seen: cellsStored(row), ...more });
  const remove = async (row) => {
    const place = item.rows.indexOf(row);
    const next = item.rows[place + 1] ?? item.rows[place - 1];
    const reply = await act(row, "remove");
    if (!reply) return;
    if (reply.conflict) sitting.say("这一行刚被他人改过：是否删除由组长决定", { kind: "problem" });
    else sitting.say(`已删除“${item.label}”第${row.n}行`, { undo: true });
    if (next) setToFocus({ key: next.key, of: ".dx-row-remove" });
  };
  const move = async (row, by) => {
    const to = item.rows[item.rows.indexOf(row) + by]?.n;
    if (to === undefined) return;
    if (await act(row, "move", { to }))
      setToFocus({ key: row.key, of: by < 0 ? ".dx-row-up" : ".dx-row-down" });
  };
  const all = [
    ...item.rows,
    ...open.map((key) => ({
      key,
      n: null,
      cells: {},
      hidden: [],
      required: columns.filter(({ required }) => required).map((column) => column.key),
    })),
  ];
  return html`<div class="dx-field dx-table-field" ref=${own} onPaste=${paste}>
    <div class="dx-table-head">
      <h2 id=${id}><${Title} item=${{ ...item, required: item.required && item.editable }} /></h2>
      <span class="dx-soft">${item.rows.length} 行${item.editable && item.minimum_rows > 0 ? `，至少 ${item.minimum_rows} 行` : ""}</span>
    </div>
    ${item.help && html`<p class="dx-help">${item.help}</p>`}
    ${item.rows.some(({ reported }) => reported) && html`<p class="dx-help">标“自报”的行由企业填写，工作组核实并改过之后不再标。</p>`}
    ${
      all.length === 0
        ? html`<p class="dx-empty dx-empty-table">还没有行。${item.editable ? "可以逐行添加，也可以从 Excel 复制后粘贴。" : ""}</p>`
        : html`<div class="dx-table-room" role="region" aria-labelledby=${id} tabindex="0">
          <table class="dx-table" aria-labelledby=${id}>
            <thead><tr>
              <th scope="col" class="dx-col-n">行</th>
              ${columns.map(
                (
                  column,
                ) => html`<th key=${column.key} scope="col" class=${`dx-col-${column.kind}`} title=${column.help || undefined}>
                ${column.label}${column.unit && html`<span class="dx-soft">（${column.unit}）</span>`}
                ${item.editable && column.editable !== false && column.required && html`<span class="dx-tag dx-tag-required">必填</span>`}
              </th>`,
              )}
              ${item.editable && html`<th scope="col" class="dx-col-tools">操作</th>`}
            </tr></thead>
            <tbody>
              ${all.slice(0, shown).map(
                (row, place) => html`<${Row}
                key=${row.key} item=${item} columns=${columns} row=${row} place=${place}
                first=${place === 0} last=${place >= item.rows.length - 1}
                remove=${() => (row.n === null ? setFresh(open.filter((key) => key !== row.key)) : remove(row))}
                move=${(by) => row.n !== null && move(row, by)}
              />`,
              )}
            </tbody>
          </table>
        </div>`
    }
    ${
      all.length > shown &&
      html`<button type="button" class="dx-button" onClick=${() => setShown(shown + AT_ONCE)}>
      再显示 ${Math.min(AT_ONCE, all.length - shown)} 行（共 ${all.length} 行）
    </button>`
    }
    ${
      item.editable &&
      html`<div class="dx-table-tools">
      <button type="button" class="dx-button dx-main-button" onClick=${add}>添加一行</button>
      <button type="button" class="dx-button" onClick=${() => setPasting("")}>从 Excel 粘贴</button>
    </div>`
    }
    <${TableNews} item=${item} />
    <${Past} item=${item} />
    ${pasting !== null && html`<${Paste} item=${item} text=${pasting} close=${() => setPasting(null)} />`}
  </div>`;
}

/** Say to a listener that rows came or went by somebody else's hand. */
function TableNews({ item }) {
  const who = useKnown((known) => known.who.name);
  const news = item.news && item.news.by !== who ? `${item.news.by} 刚改过这张表` : "";
  return html`<p class="dx-meta" role="status">${news}</p>`;
}
