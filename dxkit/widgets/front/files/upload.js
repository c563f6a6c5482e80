// The place to give files: chosen, dropped, or taken with a phone's camera; and how far each is.
import { html, useId, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { size } from "../core/words.js";

/** @param proves what the files prove, as the kernel is told: {path}, {item}, {photo} … */
export function Upload({ proves, label, disabled = false }) {
  const sitting = useSitting();
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (files) => {
    for (const file of files) sitting.uploads.start(file, proves);
  };
  const chosen = (event) => {
    take([...event.target.files]);
    event.target.value = "";
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (!disabled) take([...event.dataTransfer.files]);
  };
  return html`<div
    class=${`dx-drop${over ? " dx-drop-over" : ""}`}
    onDragOver=${(event) => {
      event.preventDefault();
      setOver(true);
    }}
    onDragLeave=${() => setOver(false)}
    onDrop=${drop}
  >
    <p class="dx-drop-label" id=${id}>${label}</p>
    <div class="dx-table-tools">
      <${Picker} words="选择文件" about=${id} disabled=${disabled} chosen=${chosen} how=${{ multiple: true }} />
      <span class="dx-camera"><${Picker} words="拍照" about=${id} disabled=${disabled} chosen=${chosen} how=${{ accept: "image/*", capture: "environment" }} /></span>
    </div>
    <p class="dx-soft">可以把文件拖到这里；每个不超过 60 MB。</p>
    <${Uploads} proves=${proves} />
  </div>`;
}

/** The browser's own file input under a button in the page's words. */
function Picker({ words, about, disabled, chosen, how }) {
  const id = useId();
  return html`<label class=${`dx-button dx-picker${disabled ? " dx-off" : ""}`}><span id=${id}>${words}</span>
    <input class="dx-only-heard" type="file" aria-labelledby=${`${id} ${about}`} disabled=${disabled} onChange=${chosen} ...${how} />
  </label>`;
}

// Those of one field are told at the field; those of no field together.
const same = (one, other) => one.path === other.path;

function Uploads({ proves }) {
  const sitting = useSitting();
  const all = useKnown((known) => known.uploads);
  const uploads = all.filter((each) => same(each.proves, proves));
  return html`<ul class="dx-uploads">
    ${uploads.map(
      (each) => html`<li key=${each.id} class=${`dx-upload dx-upload-${each.state}`}>
        <span class="dx-upload-name">${each.name}</span> <span class="dx-soft">${size(each.size)}</span>
        ${
          each.state === "sending" &&
          html`<progress max=${each.size} value=${each.sent} aria-label=${`上传 ${each.name}`}></progress>
          <span>${Math.floor((each.sent / Math.max(each.size, 1)) * 100)}%</span>
          <button type="button" class="dx-button" onClick=${() => sitting.uploads.stop(each.id)}>取消<span class="dx-only-heard">上传 ${each.name}</span></button>`
        }
        <span role=${each.state === "refused" ? "alert" : "status"}>${each.state === "refused" && html`<strong>未上传：</strong>`}${each.words}</span>
        ${
          each.state !== "sending" &&
          html`<button type="button" class="dx-button dx-quiet"
          onClick=${() => sitting.uploads.forget(each.id)}>
          知道了<span class="dx-only-heard">：${each.name}</span>
        </button>`
        }
      </li>`,
    )}
  </ul>`;
}
