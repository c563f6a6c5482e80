// Who else is at this case now, and at which section.
import { html } from "../core/html.js";
import { useKnown } from "../core/sitting.js";

export function People() {
  const people = useKnown((known) => known.presence);
  const forms = useKnown((known) => known.forms);
  if (!people.length) return null;
  return html`<details class="dx-people">
    <summary class="dx-button dx-quiet">另有 ${people.length} 人</summary>
    <ul>${people.map((person, index) => html`<li key=${index}><strong>${person.name}</strong> <span class="dx-soft">${whereabouts(person, forms)}</span></li>`)}</ul>
  </details>`;
}

/** Where somebody is; the kernel names form and section by their ids or their words. */
export const isAt = (person, form, section) =>
  [form.id, form.mark].includes(person.form) &&
  [section.id, section.title].includes(person.section);

export function whereabouts(person, forms) {
  const form = forms.find(({ id, mark }) => [id, mark].includes(person.form));
  const section = form?.sections.find((each) => isAt(person, form, each));
  return [form?.mark, section?.title].filter(Boolean).join(" ");
}
