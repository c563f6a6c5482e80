// The open section of a form: its head, its fields in printed order, and the ways to its neighbours.
import { html, useEffect, useRef } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Field } from "./field.js";

export function Section({ openContents }) {
  const state = useKnown((known) => known.sectionState);
  const section = useKnown((known) => known.section);
  const problem = useKnown((known) => known.problem);
  const form = useKnown((known) => known.forms.find(({ id }) => id === known.place.form));
  return html`<main class="dx-section">
    <div class="dx-section-tools">
      <button type="button" class="dx-button dx-contents-button" onClick=${openContents}>目录</button>
      ${form && html`<p class="dx-crumb">${form.mark} ${form.title}</p>`}
    </div>
    ${state === "loading" && html`<p class="dx-empty" role="status" aria-busy="true">正在打开这一部分…</p>`}
    ${state === "failed" && html`<${Failed} problem=${problem} />`}
    ${state === "ready" && section && html`<${Open} key=${`${section.form}/${section.section}`} section=${section} form=${form} />`}
  </main>`;
}

function Failed({ problem }) {
  const sitting = useSitting();
  return html`<div class="dx-empty" role="alert">
    <p>这一部分没有打开：${problem}</p>
    <button type="button" class="dx-button" onClick=${() => sitting.reopen()}>再试一次</button>
  </div>`;
}

function Open({ section, form }) {
  const sitting = useSitting();
  const department = useKnown((known) => known.department);
  const head = useRef();
  useEffect(() => {
    const { focus, place } = sitting.store.get();
    if (!place.path) scrollTo(0, 0);
    if (!focus?.head) return;
    head.current.focus({ preventScroll: true });
    sitting.store.set({ focus: null });
  }, []);
  return html`
    <h1 class="dx-section-title" ref=${head} tabindex="-1">${section.title}</h1>
    ${section.why_closed && html`<p class="dx-closed">只能查看，不能修改：${section.why_closed}。</p>`}
    <div aria-live="polite">${(section.doubts ?? []).map((words) => html`<p class="dx-doubt" key=${words}><span aria-hidden="true">⚠ </span>${words}</p>`)}</div>
    ${section.note && html`<p class="dx-note">${section.note}</p>`}
    ${(section.text ?? []).map((words, index) => html`<p class="dx-letter" key=${index}>${words}</p>`)}
    ${section.order.length === 0 && !section.text?.length && html`<p class="dx-empty">${department ? "这一部分没有要向所选部门了解的内容。" : "这一部分没有要填的栏目。"}</p>`}
    ${section.order.map((path) => html`<${Field} key=${path} path=${path} />`)}
    <${Appearing} />
    <${Neighbours} />
  `;
}

/** Tell a listener that fields came or went, since nobody sees it who does not look. */
function Appearing() {
  const shown = useKnown(
    (known) => [...known.items.values()].filter((item) => item.shown !== false).length,
  );
  const before = useRef(shown);
  const words =
    shown > before.current
      ? `多出 ${shown - before.current} 项要填`
      : shown < before.current
        ? `少了 ${before.current - shown} 项`
        : "";
  useEffect(() => {
    before.current = shown;
  }, [shown]);
  return html`<p class="dx-only-heard" role="status" aria-live="polite">${words}</p>`;
}

function Neighbours() {
  const sitting = useSitting();
  const place = useKnown((known) => known.place);
  const forms = useKnown((known) => known.forms);
  const all = forms.flatMap((form) => form.sections.map((section) => ({ form, section })));
  const here = all.findIndex(
    ({ form, section }) => form.id === place.form && section.id === place.section,
  );
  const go = ({ form, section }) =>
    sitting.go({ form: form.id, section: section.id, path: undefined });
  const before = all[here - 1];
  const after = all[here + 1];
  const words = (to) =>
    to.form.id === place.form ? to.section.title : `${to.form.mark} ${to.section.title}`;
  return html`<nav class="dx-neighbours" aria-label="前后部分">
    ${before ? html`<button type="button" class="dx-button" onClick=${() => go(before)}>上一部分：${words(before)}</button>` : html`<span></span>`}
    ${after && html`<button type="button" class="dx-button dx-main-button" onClick=${() => go(after)}>下一部分：${words(after)}</button>`}
  </nav>`;
}
