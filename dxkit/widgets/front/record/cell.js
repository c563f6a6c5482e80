// One cell of a table or grid: a control without words of its own, named by its column and row.
import { html, useId } from "../core/html.js";
import { cellOf } from "./controls/cells.js";
import { isWrong, News, Trouble } from "./field_edited.js";
import { useDraft } from "./draft.js";

export function Cell({ item, target, name, news, required = false }) {
  const draft = useDraft({ target, stored: item.value ?? null, news });
  const id = useId();
  const wrong = isWrong(draft.status);
  const draw = cellOf(item.kind);
  const ids = {
    control: `${id}-control`,
    unit: `${id}-unit`,
    name,
    compact: true,
    described: {
      "aria-label":
        item.kind === "choices" || item.kind === "indicators"
          ? undefined
          : `${name}${item.unit ? `（${item.unit}）` : ""}`,
      "aria-describedby": wrong ? `${id}-error` : undefined,
      "aria-invalid": wrong ? "true" : undefined,
      "aria-required": required ? "true" : undefined,
    },
  };
  return html`<div class="dx-cell-control">
    <${draw} item=${{ ...item, unit: "" }} draft=${draft} ids=${ids} />
    <${Trouble} id=${`${id}-error`} draft=${draft} />
    <${News} draft=${draft} item=${item} />
    ${draft.waiting && html`<span class="dx-meta">正在保存…</span>`}
  </div>`;
}
