// One item of a section by what it is: to be filled in, worked out, only read, a table or a grid.
import { html, useEffect, useId, useLayoutEffect, useRef } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Answer } from "./answer.js";
import { Edited, Past, Title } from "./field_edited.js";
import { Grid } from "./grid.js";
import { Table } from "./table.js";

export function Field({ path }) {
  const item = useKnown((known) => known.items.get(path));
  if (!item || item.shown === false) return null;
  return html`<${Framed} item=${item} />`;
}

/** The place of one item on the page: found by the address, focused on a jump. */
function Framed({ item }) {
  const sitting = useSitting();
  const own = useRef();
  const focus = useKnown((known) =>
    known.focus?.path && belongs(known.focus.path, item.path) ? known.focus : null,
  );
  useEffect(() => {
    if (!focus) return;
    own.current.scrollIntoView({ block: "start" });
    if (focus.take)
      own.current
        .querySelector("input, textarea, select, button, output")
        ?.focus({ preventScroll: true });
    sitting.store.set({ focus: null });
  }, [focus]);
  useLayoutEffect(() => {
    const item = own.current; // by the time it goes, the reference may be gone already
    return () => passFocusOn(item);
  }, []);
  return html`<div class="dx-item" ref=${own} data-path=${item.path} onFocusIn=${() => sitting.at(item.path)}>
    <${Body} item=${item} />
  </div>`;
}

/** Whoever stands in an item that an answer takes off the form goes on in the next that stays. */
function passFocusOn(item) {
  if (!item?.contains(document.activeElement)) return;
  const behind = [];
  for (let next = item.nextElementSibling; next; next = next.nextElementSibling) behind.push(next);
  setTimeout(() => {
    const control = "input, textarea, select, button";
    behind.find((next) => next.isConnected && next.querySelector(control))?.querySelector(control).focus();
  });
}

const belongs = (path, itemPath) => path === itemPath || path.startsWith(`${itemPath}.`);

function Body({ item }) {
  if (item.kind === "table") return html`<${Table} item=${item} />`;
  if (item.kind === "grid") return html`<${Grid} item=${item} />`;
  if (item.computed) return html`<${Computed} item=${item} />`;
  if (!item.editable) return html`<${Shown} item=${item} />`;
  const extra = item.answer && html`<${Answer} item=${item} />`;
  return html`<${Edited} item=${item} path=${item.path} extra=${extra} />`;
}

/** A value that the program works out. */
function Computed({ item }) {
  const id = useId();
  return html`<div class="dx-field">
    <span id=${id}><${Title} item=${{ ...item, required: false }} /></span>
    <output class="dx-output" aria-labelledby=${id}>${item.text || "待算出"}${item.text && item.unit ? ` ${item.unit}` : ""}</output>
    <p class="dx-help">自动算出，不用填写。${item.help ?? ""}</p>
  </div>`;
}

/** A value that this visitor may read and not change; why, where it is not so of the whole section. */
function Shown({ item }) {
  const id = useId();
  const closed = useKnown((known) => known.section?.why_closed);
  return html`<div class="dx-field">
    <span id=${id}><${Title} item=${{ ...item, required: false }} /></span>
    <output class="dx-output" aria-labelledby=${id}>${item.text || item.lent || "未填写"}${item.text && item.unit ? ` ${item.unit}` : ""}</output>
    ${item.why_not && item.why_not !== closed && html`<p class="dx-help">${item.why_not}</p>`}
    <${Past} item=${item} />
  </div>`;
}
