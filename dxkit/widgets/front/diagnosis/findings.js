// Answers that contradict each other: how grave, in words, with a way to each field.
import { html } from "../core/html.js";
import { Pointer } from "../shell/pointer.js";

const ORDER = ["error", "warning", "note"];
const TAGS = { error: " dx-tag-bad", warning: " dx-tag-warn", note: "" };

export const contradicting = (findings) => findings.filter(({ gravity }) => gravity !== "note");

export function Finding({ finding }) {
  return html`<div class=${`dx-found dx-found-${finding.gravity}`}>
    <p><span class=${`dx-tag${TAGS[finding.gravity] ?? ""}`}>${finding.gravity_words}</span> ${finding.words}</p>
    ${finding.answers.length > 0 && html`<ul class="dx-found-answers">${finding.answers.map((words, index) => html`<li key=${index}>${words}</li>`)}</ul>`}
    ${finding.paths.length > 0 && html`<p class="dx-found-ways"><span class="dx-soft">去看：</span>${finding.paths.map((to) => html`<span key=${to.path} class="dx-way"><${Pointer} to=${to} /></span>`)}</p>`}
  </div>`;
}

export function Findings({ findings }) {
  const told = [...findings].sort((one, other) => ORDER.indexOf(one.gravity) - ORDER.indexOf(other.gravity));
  return html`<section class="dx-findings" aria-labelledby="dx-findings">
    <h2 id="dx-findings">答案之间的矛盾</h2>
    ${told.length === 0 && html`<p class="dx-soft">已填的答案之间没有发现矛盾。</p>`}
    ${told.map((finding, index) => html`<${Finding} key=${index} finding=${finding} />`)}
  </section>`;
}
