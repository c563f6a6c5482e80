// The frame around every view: head, notices, the view itself, and the keys that work everywhere.
import { html, useEffect, useErrorBoundary, useRef, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { viewOf } from "../core/views.js";
import { Head } from "./head.js";
import { LinkNotice, Toasts } from "./notices.js";
import { useSticking } from "./sticking.js";

export function Shell() {
  const phase = useKnown(({ phase }) => phase);
  const problem = useKnown(({ problem }) => problem);
  useUndoKeys();
  if (phase === "failed") {
    return html`<main class="dx-start" role="alert"><h1>页面没有打开</h1><p>${problem}</p></main>`;
  }
  if (phase === "loading") return html`<${Starting} />`;
  return html`<${Whole} />`;
}

function Starting() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 8000);
    return () => clearTimeout(timer);
  }, []);
  return html`<main class="dx-start" aria-busy="true">
    <p role="status">正在打开案卷…</p>
    ${slow && html`<p>比平时久。程序正在重试，不必刷新页面。</p>`}
  </main>`;
}

function Whole() {
  const view = viewOf(useKnown(({ place }) => place.view));
  const own = useRef();
  useSticking(
    own,
    useKnown(({ link }) => link),
  );
  return html`
    <a class="dx-skip" ref=${own} href="#dx-main" onClick=${(event) => toMain(event)}>跳到正文</a>
    <${LinkNotice} />
    <${Head} />
    <div class="dx-view" id="dx-main" tabindex="-1">
      ${view ? html`<${Guarded} key=${view.id}><${view.draw} /><//>` : html`<p class="dx-empty">没有可以打开的页面。请向组长索取链接。</p>`}
    </div>
    <${Toasts} />
  `;
}

/** A fault while drawing one view must leave the head, the notices and the others standing. */
function Guarded({ children }) {
  const [fault, retry] = useErrorBoundary((error) => console.error(error));
  if (!fault) return children;
  return html`<div class="dx-empty" role="alert">
    <p>这一页没有画出来；已保存的内容不受影响。</p>
    <p class="dx-soft">${String(fault.message ?? fault)}</p>
    <button type="button" class="dx-button" onClick=${retry}>再试一次</button>
  </div>`;
}

function toMain(event) {
  event.preventDefault();
  document.getElementById("dx-main")?.focus();
}

function useUndoKeys() {
  const sitting = useSitting();
  useEffect(() => {
    const listen = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) sitting.undo();
      else if (key === "y" || key === "z") sitting.redo();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [sitting]);
}

/** In a field of text the keys belong to the field. */
function isTyping(target) {
  if (target.closest?.("[contenteditable=true], textarea, select")) return true;
  return target.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(target.type);
}
