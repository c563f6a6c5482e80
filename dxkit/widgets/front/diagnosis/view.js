// The diagnosis view: the results by direction and sub-area, as they change.
import { html, useEffect, useState } from "../core/html.js";
import { useKept } from "../core/looks.js";
import { registerView } from "../core/views.js";
import { Choose } from "../shell/tabs.js";
import { Waiting } from "../shell/waiting.js";
import { Changes, useChanges } from "./changes.js";
import { contradicting, Findings } from "./findings.js";
import { useResults } from "./live.js";
import { toneOf } from "./marks.js";
import { anchorOf, Result } from "./result.js";
import { Summary } from "./summary.js";

function DiagnosisView() {
  const look = useResults();
  return html`<main class="dx-diagnosis">
    <h1>实时结果</h1>
    ${look.reply ? html`<${Live} told=${look.reply} />` : html`<${Waiting} look=${look} words="正在计算 24 项指标…" />`}
  </main>`;
}

/** The ways to look at the results, each with what it lets through. */
const filtersOf = (findings) => {
  const doubted = new Set(contradicting(findings).flatMap(({ indicators }) => indicators));
  return [
    { id: "all", title: "全部", lets: () => true },
    { id: "unknown", title: "未知", lets: (result) => toneOf(result) === "unknown" },
    { id: "no", title: "否", lets: (result) => toneOf(result) === "no" },
    { id: "contradicted", title: "有矛盾", lets: (result) => doubted.has(result.id) },
    { id: "unproven", title: "未充分验证", lets: (result) => Boolean(result.support.words) },
  ];
};

function Live({ told }) {
  const { results, directions, findings, counts } = told;
  const [chosen, choose] = useKept("diagnosis/filter", "all");
  const changes = useChanges(results);
  const filters = filtersOf(findings);
  const filter = filters.find(({ id }) => id === chosen) ?? filters[0];
  const options = filters.map(({ id, title, lets }) => ({ id, title, count: results.filter(lets).length }));
  const shown = results.filter(filter.lets);
  const jump = useJump(shown, () => choose("all"));
  return html`
    <p class="dx-counts">${countWords(counts)}</p>
    <${Summary} results=${results} directions=${directions} jump=${jump} />
    <${Changes} changes=${changes} />
    <${Choose} label="只看" options=${options} chosen=${filter.id} choose=${choose} />
    <p class="dx-only-heard" role="status">${`列出 ${shown.length} 项指标`}</p>
    ${shown.length === 0 && html`<p class="dx-empty">没有“${filter.title}”的指标。</p>`}
    ${directions.map((direction) => html`<${Direction} key=${direction.id} direction=${direction} results=${shown} findings=${findings} jump=${jump} changed=${changes} />`)}
    <${Findings} findings=${findings} />
  `;
}

function countWords(counts) {
  const parts = [
    ["是", counts.yes],
    ["否", counts.no],
    ["未知", counts.unknown],
    ["不适用", counts.not_applicable],
  ];
  const known = counts.known ?? 0;
  return `${counts.total} 项指标，已判定 ${known} 项；${parts.map(([word, number]) => `${word} ${number ?? 0}`).join("，")}。`;
}

function Direction({ direction, results, findings, jump, changed }) {
  const own = results.filter((each) => each.direction === direction.id);
  if (!own.length) return null;
  const moved = new Set(changed.map(({ id }) => id));
  return html`<section class="dx-direction" aria-labelledby=${`dx-direction-${direction.id}`}>
    <h2 id=${`dx-direction-${direction.id}`}>${direction.name}</h2>
    <div class="dx-subareas">
      ${direction.subareas.map((subarea) => {
        const inside = own.filter((each) => each.subarea === subarea.id);
        if (!inside.length) return null;
        return html`<div class=${`dx-subarea${inside.length > 1 ? " dx-subarea-wide" : ""}`} key=${subarea.id}>
          <h3>${subarea.name}</h3>
          <div class="dx-results">
            ${inside.map((result) => html`<div key=${result.id} class=${moved.has(result.id) ? "dx-moved" : undefined}>
              <${Result} result=${result} findings=${findings} jump=${jump} />
            </div>`)}
          </div>
        </div>`;
      })}
    </div>
  </section>`;
}

/** Return how to go to an indicator; one that the filter hides is shown first. */
function useJump(shown, showAll) {
  const [wanted, want] = useState(null);
  useEffect(() => {
    if (!wanted) return;
    const there = document.getElementById(anchorOf(wanted));
    if (!there) return;
    there.scrollIntoView({ block: "start" });
    there.focus({ preventScroll: true });
    want(null);
  }, [wanted, shown]);
  return (id) => {
    if (!shown.some((each) => each.id === id)) showAll();
    want(id);
  };
}

registerView("diagnosis", { title: "结果", draw: DiagnosisView, topics: ["results"] });
