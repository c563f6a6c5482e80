// A link to a field: it opens the record at that field, or stays words where the visitor has no such form.
import { html } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";

export function Pointer({ to, children }) {
  const sitting = useSitting();
  const reachable = useKnown((known) =>
    Boolean(
      known.forms.find(({ id }) => id === to.form)?.sections.some(({ id }) => id === to.section),
    ),
  );
  const words = children ?? to.label;
  if (!reachable) return html`<span>${words}</span>`;
  const go = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sitting.go({ view: "record", form: to.form, section: to.section, path: to.path });
  };
  return html`<a class="dx-link" href=${`#/record/${to.form}/${to.section}/${to.path}`} onClick=${go}>${words}</a>`;
}
