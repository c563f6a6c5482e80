// The forms and their sections with how much is filled; a drawer on a phone.
import { html, useEffect, useRef } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { isAt } from "../shell/people.js";

export function Contents({ open, setOpen }) {
  const sitting = useSitting();
  const forms = useKnown((known) => known.forms);
  const place = useKnown((known) => known.place);
  const presence = useKnown((known) => known.presence);
  const own = useRef();
  const mixed = forms.some(({ editable }) => editable); // else it is said above every section
  useEffect(() => {
    if (open) own.current?.querySelector("[aria-current], button")?.focus();
  }, [open]);
  useEffect(() => keepInSight(own.current), [place.form, place.section]);
  const go = (form, section) => {
    setOpen(false);
    sitting.go({ form, section, path: undefined });
  };
  const keys = (event) => event.key === "Escape" && setOpen(false);
  return html`<nav class=${`dx-contents${open ? " dx-contents-open" : ""}`} aria-label="表单目录" ref=${own} onKeyDown=${keys}>
      <div class="dx-contents-close"><button type="button" class="dx-button" onClick=${() => setOpen(false)}>收起目录</button></div>
      <${Departments} />
      ${forms.map(
        (form) => html`<details key=${form.id} class="dx-form" open=${form.id === place.form}>
          <summary>
            <span class="dx-form-mark">${form.mark}</span>
            <span class="dx-form-title">${form.title}</span>
            <${Count} filled=${total(form, "filled")} asked=${total(form, "asked")} />
            ${mixed && !form.editable && html`<span class="dx-tag">只读</span>`}
            ${form.restricted && html`<span class="dx-tag">内部</span>`}
          </summary>
          <ul>
            ${form.sections.map(
              (section) => html`<li key=${section.id}>
              <button
                type="button"
                class="dx-section-link"
                aria-current=${form.id === place.form && section.id === place.section ? "true" : undefined}
                onClick=${() => go(form.id, section.id)}
              >
                <span>${section.title}</span>
                <${Count} filled=${section.filled} asked=${section.asked} />
                ${section.open_conflicts > 0 && html`<span class="dx-tag dx-tag-warn">${section.open_conflicts} 处分歧</span>`}
                <${Others} presence=${presence} form=${form} section=${section} />
              </button>
            </li>`,
            )}
          </ul>
        </details>`,
      )}
    </nav>
    ${open && html`<div class="dx-veil" onClick=${() => setOpen(false)}></div>`}`;
}

/** Scroll the list, and nothing else, to the section that is open. */
function keepInSight(list) {
  const here = list?.querySelector("[aria-current]")?.getBoundingClientRect();
  const room = list?.getBoundingClientRect();
  if (!here || (here.top >= room.top && here.bottom <= room.bottom)) return;
  list.scrollTop += here.top - room.top - room.height / 3;
}

const total = (form, what) => form.sections.reduce((sum, section) => sum + (section[what] ?? 0), 0);

function Count({ filled, asked }) {
  if (!asked) return null;
  const done = filled >= asked;
  return html`<span class=${`dx-count${done ? " dx-count-done" : ""}`}>
    <span aria-hidden="true">${done ? "✓ " : ""}${filled}/${asked}</span>
    <span class="dx-only-heard">${`，应填 ${asked} 项，已填 ${filled} 项`}</span>
  </span>`;
}

function Others({ presence, form, section }) {
  const here = presence.filter((person) => isAt(person, form, section));
  if (!here.length) return null;
  return html`<span class="dx-others">${here.map(({ name }) => name).join("、")} 在此</span>`;
}

function Departments() {
  const sitting = useSitting();
  const departments = useKnown((known) => known.departments);
  const chosen = useKnown((known) => known.department);
  if (!departments.length) return null;
  return html`<label class="dx-block dx-departments">谁在场
    <select class="dx-input" value=${chosen} onChange=${(event) => sitting.chooseDepartment(event.target.value)}>
      <option value="">所有部门</option>
      ${departments.map((each) => {
        const [id, label] = typeof each === "string" ? [each, each] : [each.id, each.label];
        return html`<option key=${id} value=${id}>${label}</option>`;
      })}
    </select>
  </label>`;
}
