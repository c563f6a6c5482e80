// A grid: fixed rows that are asked the same things; each cell is a question of its own.
import { html, useId } from "../core/html.js";
import { Answer } from "./answer.js";
import { Cell } from "./cell.js";
import { Below, Title } from "./field_edited.js";

export function Grid({ item }) {
  const id = useId();
  const columns = item.columns ?? [];
  return html`<div class="dx-field dx-table-field">
    <div class="dx-table-head"><h2 id=${id}><${Title} item=${{ ...item, required: item.required && item.editable }} /></h2></div>
    ${item.help && html`<p class="dx-help">${item.help}</p>`}
    <div class="dx-table-room" role="region" aria-labelledby=${id} tabindex="0">
      <table class="dx-table dx-grid" aria-labelledby=${id}>
        <thead><tr><th scope="col">项目</th>
          ${columns.map(
            (column) => html`<th key=${column.key} scope="col" title=${column.help || undefined}>
              ${column.label}${column.unit && html`<span class="dx-soft">（${column.unit}）</span>`}
            </th>`,
          )}
        </tr></thead>
        <tbody>
          ${item.rows.map(
            (row) => html`<tr key=${row.code}>
            <th scope="row">${row.label}</th>
            ${columns.map(
              (
                column,
              ) => html`<td key=${column.key} data-label=${column.label} class=${`dx-col-${column.kind}`}>
              <${GridCell} cell=${row.cells[column.key]} row=${row} column=${column} news=${item.news} />
            </td>`,
            )}
          </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <${Below} item=${item} draft=${{}} />
  </div>`;
}

function GridCell({ cell, row, column, news }) {
  if (!cell) return html`<span class="dx-soft">不用填</span>`;
  if (cell.shown === false) return html`<span class="dx-soft">不用填</span>`;
  if (!cell.editable) return html`<span class="dx-cell-read">${cell.text || "—"}</span>`;
  return html`<div data-path=${cell.path}>
    <${Cell} item=${cell} target=${{ path: cell.path }} name=${`${row.label} ${column.label}`} news=${news} required=${cell.required} />
    ${cell.answer && html`<${Answer} item=${cell} />`}
    <${Below} item=${{ ...cell, changed: null }} draft=${{}} />
  </div>`;
}
