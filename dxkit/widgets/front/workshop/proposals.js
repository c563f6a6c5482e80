// Problems and suggestions as the report will print them: its chapters 6 and 7, filled in here.
import { html, useEffect } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Field } from "../record/field.js";
import { Choose } from "../shell/tabs.js";
import { Waiting } from "../shell/waiting.js";

const FORM = "annex_2";
const CHAPTERS = [
  { id: "chapter_6", title: "问题诊断" },
  { id: "chapter_7", title: "提升建议" },
];

export function Proposals() {
  const sitting = useSitting();
  const place = useKnown((known) => known.place);
  const section = useKnown((known) => known.section);
  const state = useKnown((known) => known.sectionState);
  const problem = useKnown((known) => known.problem);
  const form = useKnown((known) => known.forms.find(({ id }) => id === FORM));
  const offered = CHAPTERS.filter(({ id }) => form?.sections.some((each) => each.id === id));
  const here = place.form === FORM && offered.some(({ id }) => id === place.section);
  useEffect(() => {
    if (!here && offered.length) sitting.go({ form: FORM, section: offered[0].id, path: undefined });
  }, [here]);
  if (!offered.length) return html`<p class="dx-empty">您的身份不看报告的这两章。</p>`;
  const open = (id) => sitting.go({ form: FORM, section: id, path: undefined });
  const ready = here && state === "ready" && section?.form === FORM && section.section === place.section;
  return html`<div class="dx-proposals">
    <p class="dx-lead">这里写的就是${form.mark}报告的第6章和第7章，写了即存入案卷。${form.editable ? "" : "您可以查看，不能修改。"}</p>
    <${Choose} label="哪一章" options=${offered} chosen=${place.section} choose=${open} />
    ${ready
      ? html`<div key=${section.section}>
          <h2 class="dx-section-title">${section.title}</h2>
          ${section.note && html`<p class="dx-note">${section.note}</p>`}
          ${section.order.map((path) => html`<${Field} key=${path} path=${path} />`)}
        </div>`
      : html`<${Waiting} look=${{ problem: state === "failed" ? problem : null, again: () => sitting.reopen() }} words="正在打开这一章…" />`}
  </div>`;
}
