// Who else is at this case now, and at which section.
import { html } from "../core/html.js";
import { useKnown } from "../core/sitting.js";

export function People() {
  const people = useKnown((known) => known.presence);
  const forms = useKnown((known) => known.forms);
  if (people.length < 2) return null;
  return html`<details class="dx-people">
    <summary class="dx-button dx-quiet">${people.length} 人在场</summary>
    <ul>${people.map((person, index) => html`<li key=${index}><strong>${person.name}</strong> <span class="dx-soft">${whereabouts(person, forms)}</span></li>`)}</ul>
  </details>`;
}

export function whereabouts(person, forms) {
  const form = forms.find(({ id }) => id === person.form);
  const section = form?.sections.find(({ id }) => id === person.section);
  if (!form) return "";
  return section ? `${form.mark} ${section.title}` : form.mark;
}
