// One row of a table: its cells, and the buttons and keys that move or delete it.
import { html } from "../core/html.js";
import { Cell } from "./cell.js";

const EMPTY = { value: null, text: "" };

export function Row({ item, columns, row, place, first, last, remove, move }) {
  const number = row.n ?? place + 1;
  const keys = (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !item.editable) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target.tagName === "SELECT") return;
    event.preventDefault();
    move(by);
  };
  return html`<tr data-row=${row.key} onKeyDown=${keys}>
    <th scope="row" class=${row.n === null ? "dx-col-n dx-col-new" : "dx-col-n"}><span class="dx-row-n">${row.n ?? "新"}</span>${row.reported && html`<span class="dx-tag">自报</span>`}</th>
    ${columns.map((column) => {
      const cell = row.cells[column.key] ?? EMPTY;
      if (row.hidden?.includes(column.key))
        return html`<td key=${column.key} data-label=${column.label} class="dx-cell-off"><span class="dx-soft">不用填</span></td>`;
      const typed = item.editable && column.editable !== false;
      const required = typed && row.required?.includes(column.key);
      const name = `第${number}行 ${column.label}`;
      const unit = column.unit ? `（${column.unit}）` : "";
      const label = `${column.label}${unit}${required ? " · 必填" : ""}`;
      return html`<td key=${column.key} data-label=${label} class=${`dx-col-${column.kind}`}>
        ${
          typed
            ? html`<${Cell}
              item=${{ ...column, ...cell, path: `${item.path}.${row.n}.${column.key}` }}
              target=${{ path: item.path, row: row.key, index: row.n, column: column.key }}
              name=${name} news=${item.news} required=${required}
            />`
            : html`<span class="dx-cell-read">${cell.text || "—"}</span>`
        }
      </td>`;
    })}
    ${
      item.editable &&
      html`<td class="dx-col-tools"><span class="dx-row-tools">
      <button type="button" class="dx-button dx-quiet dx-row-up" title="Alt+↑"
        aria-label=${`第${number}行上移`} disabled=${first || row.n === null} onClick=${() => move(-1)}>↑</button>
      <button type="button" class="dx-button dx-quiet dx-row-down" title="Alt+↓"
        aria-label=${`第${number}行下移`} disabled=${last || row.n === null} onClick=${() => move(1)}>↓</button>
      <button type="button" class="dx-button dx-quiet dx-danger dx-row-remove" onClick=${remove} aria-label=${`删除第${number}行`}>删除</button>
    </span></td>`
    }
  </tr>`;
}
