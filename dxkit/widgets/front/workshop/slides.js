// The slides of the closing meeting: how each is drawn, and how a long one becomes several.
import { html } from "../core/html.js";

const CARDS = 4;
const POINTS = 7;

/** Cut what is too long for one slide into several with the same title. */
export function paged(slides) {
  return slides.flatMap((slide) => {
    const parts = [...pieces(slide)];
    return parts.map((part, place) => ({
      ...part,
      key: `${slide.id}-${place}`,
      part: parts.length > 1 ? `${place + 1}/${parts.length}` : "",
    }));
  });
}

function* pieces(slide) {
  const { cards, points, groups } = slide;
  if (cards?.length) for (const some of cut(cards, CARDS)) yield { ...slide, cards: some };
  else if (points?.length) for (const some of cut(points, POINTS)) yield { ...slide, points: some };
  else if (groups?.length) {
    for (const group of groups) for (const some of cut(group.points, POINTS)) yield { ...slide, groups: [{ ...group, points: some }] };
  } else yield slide;
}

/** Cut a list into as few parts as may be, none of them nearly empty. */
function cut(all, most) {
  const size = Math.ceil(all.length / Math.ceil(all.length / most));
  return Array.from({ length: Math.ceil(all.length / size) }, (_part, place) => all.slice(place * size, (place + 1) * size));
}

export function Slide({ slide }) {
  const cover = slide.id === "cover";
  return html`<div class=${`dx-slide-body${cover ? " dx-slide-cover" : ""}`}>
    <h2 class="dx-slide-title">${slide.title}${slide.part && html` <small>${slide.part}</small>`}</h2>
    ${slide.empty && html`<p class="dx-slide-empty">${slide.empty}</p>`}
    ${slide.note && html`<p class="dx-slide-note">${slide.note}</p>`}
    ${slide.lines?.length > 0 && (cover ? html`${slide.lines.map((words, index) => html`<p key=${index} class="dx-slide-line">${words}</p>`)}` : html`<${Facts} lines=${slide.lines} />`)}
    ${slide.text && html`<p class="dx-slide-text">${slide.text}</p>`}
    ${slide.tiles?.length > 0 && html`<${Tiles} tiles=${slide.tiles} />`}
    ${slide.points?.length > 0 && html`<${Points} points=${slide.points} />`}
    ${slide.groups?.map((group) => html`<div key=${group.title}><h3>${group.title}</h3><${Points} points=${group.points} /></div>`)}
    ${slide.cards?.length > 0 && html`<div class="dx-slide-cards">${slide.cards.map((card, index) => html`<${Card} key=${index} card=${card} />`)}</div>`}
  </div>`;
}

function Facts({ lines }) {
  return html`<dl class="dx-slide-facts">${lines.map(({ label, words }) => html`<div key=${label}><dt>${label}</dt><dd>${words}</dd></div>`)}</dl>`;
}

function Points({ points }) {
  return html`<ul class="dx-slide-points">${points.map((words, index) => html`<li key=${index}>${words}</li>`)}</ul>`;
}

const SIGNS = { 是: "✓", 否: "✕", 未知: "?", 不适用: "—" };
const TONES = { 是: "yes", 否: "no", 未知: "unknown", 不适用: "none" };

function Tiles({ tiles }) {
  return html`<ul class="dx-slide-tiles">${tiles.map(
    (tile) => html`<li key=${tile.no} class=${`dx-mark-${TONES[tile.words] ?? "rate"}`}>
      <span class="dx-slide-tile-name"><b>${tile.no}</b> ${tile.short}</span>
      <strong>${SIGNS[tile.words] && html`<span aria-hidden="true">${SIGNS[tile.words]} </span>`}${tile.words}</strong>
      ${tile.state === "unknown" && html`<span class="dx-slide-tile-range">${tile.low_words}—${tile.high_words}</span>`}
    </li>`,
  )}</ul>`;
}

/** A problem or a suggestion, by whichever of their cells are filled. */
function Card({ card }) {
  const head = card.statement ?? card.sug_name;
  const number = card.problem_no ?? card.sug_no;
  const tags = [card.severity && `程度：${card.severity}`, card.priority && `优先级：${card.priority}`, card.phase].filter(Boolean);
  const rest = [
    ["位置", card.location],
    ["影响", card.impact],
    ["内容", card.content],
    ["投资", card.investment],
    ["效果", card.benefit_quant],
    ["指标", card.indicators],
  ].filter(([, words]) => words);
  return html`<section class="dx-slide-card">
    <h3>${number && html`<span class="dx-no">${number}</span>`} ${head || "（未写标题）"}</h3>
    ${tags.length > 0 && html`<p class="dx-slide-tags">${tags.map((words) => html`<span key=${words} class="dx-tag">${words}</span>`)}</p>`}
    ${rest.map(([label, words]) => html`<p key=${label}><span class="dx-soft">${label}：</span>${words}</p>`)}
  </section>`;
}
