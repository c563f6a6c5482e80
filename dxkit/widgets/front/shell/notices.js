// What the page says by itself: that the link is lost, what was done, what was refused.
import { html, useEffect, useRef, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";

export function LinkNotice() {
  const link = useKnown((known) => known.link);
  const unsent = useKnown((known) => known.unsent);
  const was = useRef(false);
  const [back, setBack] = useState(false);
  useEffect(() => {
    if (link === "lost") was.current = true;
    if (link !== "ok" || !was.current) return undefined;
    was.current = false;
    setBack(true);
    const timer = setTimeout(() => setBack(false), 4000);
    return () => clearTimeout(timer);
  }, [link]);
  if (link === "lost") {
    return html`<div class="dx-lost" role="alert">
      <strong>与服务器的连接中断。</strong>
      已保存的内容都在；${unsent ? `${unsent} 处还没有保存的改动留在本页，` : "新的改动会留在本页，"}恢复后自动补交。请不要关闭本页。
    </div>`;
  }
  return html`<div role="status">${back && html`<div class="dx-back">连接已恢复${unsent ? "，正在补交改动" : ""}。</div>`}</div>`;
}

export function Toasts() {
  const sitting = useSitting();
  const toasts = useKnown((known) => known.toasts);
  return html`<div class="dx-toasts" role="status" aria-live="polite">
    ${toasts.map(
      ({ id, words, undo, kind }) => html`<div class=${`dx-toast dx-toast-${kind}`} key=${id}>
        <span>${words}</span>
        ${
          undo &&
          html`<button type="button" class="dx-button" onClick=${() => {
            sitting.dismiss(id);
            sitting.undo();
          }}>撤销</button>`
        }
        <button type="button" class="dx-button dx-quiet" onClick=${() => sitting.dismiss(id)} aria-label=${`知道了：${words}`}>知道了</button>
      </div>`,
    )}
  </div>`;
}
