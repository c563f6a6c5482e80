// An editable field: its words, its control, what is wrong with it and who changed it last.
import { html, useId } from "../core/html.js";
import { storedAt } from "../core/edits.js";
import { moment } from "../core/words.js";
import { Choice } from "../shell/conflicts.js";
import { controlOf } from "./controls/registry.js";
import { useDraft } from "./draft.js";
import { History } from "./history.js";

/** An editable field. `path` is what is written: the item itself or a part of its answer. */
export function Edited({ item, path, label = item.label, extra = null }) {
  const draft = useDraft({ target: { path }, stored: storedAt(item, path), news: item.news });
  const { draw, grouped } = controlOf(item.kind);
  const ids = useIds(item, draft);
  const head = html`<${Title} item=${item} label=${label} />`;
  const rest = html`<${Help} item=${item} id=${ids.help} />
    <${draw} item=${item} draft=${draft} ids=${ids} />
    <${Trouble} id=${ids.error} draft=${draft} />
    <${News} draft=${draft} item=${item} />
    ${extra ? html`<${Below} item=${item} draft=${draft} />${extra}` : html`<${Past} item=${item} draft=${draft} />`}`;
  return grouped
    ? html`<fieldset class="dx-field"><legend>${head}</legend>${rest}</fieldset>`
    : html`<div class="dx-field"><label for=${ids.control}>${head}</label>${rest}</div>`;
}

function useIds(item, draft) {
  const id = useId();
  const wrong = isWrong(draft.status);
  const describedBy = [
    item.help || item.clause || item.basis ? `${id}-help` : "",
    item.unit ? `${id}-unit` : "",
    wrong ? `${id}-error` : "",
  ];
  return {
    control: `${id}-control`,
    help: `${id}-help`,
    unit: `${id}-unit`,
    error: `${id}-error`,
    described: {
      "aria-describedby": describedBy.filter(Boolean).join(" ") || undefined,
      "aria-invalid": wrong ? "true" : undefined,
      "aria-required": item.required ? "true" : undefined,
    },
  };
}

export const isWrong = (status) =>
  status !== undefined && (status.unfit !== undefined || status.problem !== undefined);

export function Title({ item, label = item.label }) {
  return html`<span class="dx-title">
    ${item.no && html`<span class="dx-no">${item.no}</span>`}
    <span class="dx-label">${label}</span>
    ${item.required && html`<span class="dx-tag dx-tag-required">必填</span>`}
  </span>`;
}

function Help({ item, id }) {
  const origin = [item.clause && `指南 ${item.clause}`, item.basis].filter(Boolean).join("；");
  if (!item.help && !origin) return null;
  return html`<p class="dx-help" id=${id}>${item.help}${origin && html`<span class="dx-origin">依据：${origin}</span>`}</p>`;
}

export function Trouble({ id, draft }) {
  const { status } = draft;
  if (!isWrong(status)) return html`<p class="dx-trouble-none" id=${id} aria-live="polite"></p>`;
  const words =
    status.unfit !== undefined
      ? `${status.unfit}${status.found ? `；现为“${status.found}”` : ""}`
      : status.problem;
  return html`<p class="dx-trouble" id=${id} aria-live="polite"><strong>未保存：</strong>${words}</p>`;
}

/** What somebody else put there while this visitor is in the field. */
export function News({ draft, item }) {
  const { foreign } = draft;
  // Once both values wait for a decision, they stand in the box of the conflict.
  if (!foreign || item.conflicts?.length) return null;
  return html`<div class="dx-foreign" role="status" onFocusOut=${foreign.leave}>
    <span>${foreign.by} 刚改为“${item.text || "（空）"}”</span>
    <button type="button" class="dx-button" onClick=${foreign.adopt}>采用</button>
    <button type="button" class="dx-button" onClick=${foreign.keep}>保留我填的</button>
  </div>`;
}

/** What became of a field last, and beside it all that became of it before. */
export function Past({ item, draft = {} }) {
  return html`<div class="dx-past">
    <${Below} item=${item} draft=${draft} />
    ${item.changed && html`<${History} item=${item} />`}
  </div>`;
}

export function Below({ item, draft }) {
  const words = draft.waiting
    ? "正在保存…"
    : draft.status?.saved
      ? `已保存 ${moment(draft.status.saved.at)}`
      : item.changed
        ? `${item.changed.who} ${moment(item.changed.at)} 改`
        : "";
  return html`<div class="dx-below">
    ${item.lent && draft.raw === undefined && html`<p class="dx-meta">空着时沿用其他表中的“${item.lent}”</p>`}
    ${words && html`<p class="dx-meta">${words}</p>`}
    ${(item.findings ?? []).map((words, index) => html`<p class="dx-finding" key=${index}><span aria-hidden="true">⚠ </span>${words}</p>`)}
    ${(item.conflicts ?? []).map(
      (conflict) => html`<div class="dx-conflict" key=${conflict.n} role="group" aria-label="分歧">
      <p><strong>这一项有分歧</strong></p>
      <${Choice} conflict=${conflict} />
    </div>`,
    )}
  </div>`;
}
