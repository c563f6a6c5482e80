// The closing meeting: its slides to read, to print and to present.
import { html, useState } from "../core/html.js";
import { useLook } from "../core/looks.js";
import { Waiting } from "../shell/waiting.js";
import { Presenter } from "./presenter.js";
import { paged, Slide } from "./slides.js";

export function Closing() {
  const look = useLook("closing");
  const [from, present] = useState(null);
  if (!look.reply) return html`<${Waiting} look=${look} words="正在准备末次会议的幻灯片…" />`;
  const slides = paged(look.reply.slides);
  return html`<div class="dx-closing">
    <div class="dx-closing-tools">
      <p class="dx-lead">内容取自案卷，案卷改了这里随着改。方向键翻页，Esc 退出。</p>
      <button type="button" class="dx-button dx-main-button" onClick=${() => present(0)}>开始放映</button>
      <button type="button" class="dx-button" onClick=${() => print()}>打印</button>
    </div>
    <ol class="dx-slides">
      ${slides.map(
        (slide, place) => html`<li key=${slide.key} class="dx-slide">
          <${Slide} slide=${slide} />
          <button type="button" class="dx-button dx-quiet dx-slide-from" onClick=${() => present(place)} aria-label=${`从第 ${place + 1} 张放映：${slide.title}`}>${place + 1}　从这张放映</button>
        </li>`,
      )}
    </ol>
    ${from !== null && html`<${Presenter} slides=${slides} first=${from} close=${() => present(null)} />`}
  </div>`;
}
