// The head of the page: which case, who, what is saved, and the ways to elsewhere.
import { html, useRef, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { moment } from "../core/words.js";
import { Exports } from "../files/exports.js";
import { Materials } from "../files/materials.js";
import { Conflicts } from "./conflicts.js";
import { People } from "./people.js";
import { Search } from "./search.js";

export function Head() {
  const sitting = useSitting();
  const found = useKnown((known) => known.case);
  const who = useKnown((known) => known.who);
  const can = useKnown((known) => known.can);
  const writes = useKnown((known) => known.forms.some(({ editable }) => editable));
  return html`<header class="dx-head">
    <div class="dx-head-line">
      <div class="dx-case">
        <${Home} />
        <strong class="dx-case-name">${found.name || found.id}</strong>
        ${found.demo && html`<span class="dx-tag">演示</span>`}
      </div>
      <${Saved} />
      <div class="dx-who"><${People} /><span class="dx-who-name">${who.name}<span class="dx-tag">${who.role_words}</span></span></div>
    </div>
    <div class="dx-head-line dx-head-tools">
      <${Switch} />
      <div class="dx-tools">
        ${
          writes &&
          html`<button type="button" class="dx-button dx-quiet" onClick=${() => sitting.undo()} title="Ctrl+Z">撤销</button>
        <button type="button" class="dx-button dx-quiet" onClick=${() => sitting.redo()} title="Ctrl+Y">重做</button>`
        }
        ${can.upload && html`<${Opens} words="材料" draw=${Materials} />`}
        ${can.export && html`<${Opens} words="导出" draw=${Exports} />`}
        <${Opens} words="查找" draw=${Search} />
        <${ConflictsButton} />
      </div>
    </div>
  </header>`;
}

/** The way back to the list of cases, where the page was opened from one. */
function Home() {
  const { home } = document.body.dataset;
  if (!home) return null;
  return html`<a class="dx-home" href=${home} title="回到企业列表"><span aria-hidden="true">‹</span><span class="dx-only-heard">回到企业列表</span></a>`;
}

function Saved() {
  const link = useKnown((known) => known.link);
  const saved = useKnown((known) => known.saved);
  const unsent = useKnown((known) => known.unsent);
  const [kind, words] =
    link === "lost"
      ? ["bad", unsent ? `连接中断，${unsent} 处改动待补交` : "连接中断"]
      : unsent
        ? ["busy", "正在保存…"]
        : saved
          ? ["good", `已保存 ${moment(saved)}`]
          : ["good", "还没有改动"];
  return html`<p class="dx-saved dx-saved-${kind}" role="status" aria-live="polite">${words}</p>`;
}

function Switch() {
  const sitting = useSitting();
  const views = useKnown((known) => known.views);
  const view = useKnown((known) => known.place.view);
  if (views.length < 2) return null;
  return html`<nav class="dx-switch" aria-label="页面">
    ${views.map(
      ({ id, title }) => html`<button
        key=${id}
        type="button"
        class="dx-switch-item"
        aria-current=${id === view ? "page" : undefined}
        onClick=${() => sitting.go({ view: id })}
      >${title}</button>`,
    )}
  </nav>`;
}

/** A button that opens a window and gets the focus back when it closes. */
function Opens({ words, draw, look = "dx-quiet" }) {
  const [open, setOpen] = useState(false);
  const button = useRef();
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return html`<button type="button" class=${`dx-button ${look}`} ref=${button} onClick=${() => setOpen(true)}>${words}</button>
    ${open && html`<${draw} close=${close} />`}`;
}

/** The open conflicts; while their window is open it stays, also when the last one is decided. */
function ConflictsButton() {
  const open = useKnown((known) => known.conflicts.length);
  const was = useRef(false);
  was.current ||= open > 0;
  if (!was.current) return null;
  return html`<${Opens} words=${`${open} 处分歧`} draw=${Conflicts} look=${open ? "dx-warn" : "dx-quiet"} />`;
}
