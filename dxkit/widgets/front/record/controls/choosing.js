// Controls that offer a few choices: one of them, or several.
import { html, useId } from "../../core/html.js";

const chosen = (item, draft) => (draft.raw !== undefined ? draft.raw : (item.value ?? null));

/** One of a few, by mouse or arrow keys; what was chosen can be taken back. */
export function Radios({ item, draft, ids }) {
  const name = useId();
  const now = chosen(item, draft);
  const ordered = item.kind === "ladder";
  return html`<div class=${`dx-choices${ordered ? " dx-ladder" : ""}`}>
    ${item.choices.map(
      ({ code, label }, index) => html`<label key=${code} class="dx-choice">
        <input
          type="radio"
          name=${name}
          id=${index === 0 ? ids.control : undefined}
          checked=${String(now) === String(code) && now !== null}
          onChange=${() => draft.choose(code)}
          ...${ids.described}
        />
        <span>${ordered && label !== code && !String(label).startsWith(code) ? html`<b class="dx-step">${code}</b> ` : ""}${label}</span>
      </label>`,
    )}
    ${
      now !== null &&
      html`<button type="button" class="dx-button dx-quiet dx-clear"
      aria-label=${`清除所选：${item.label}`} onClick=${() => draft.choose(null)}>清除所选</button>`
    }
  </div>`;
}

const TRUTH = [
  { code: true, label: "是" },
  { code: false, label: "否" },
];

export function Truth(props) {
  return html`<${Radios} ...${props} item=${{ ...props.item, choices: TRUTH }} />`;
}

/** Several of them; 无 excludes the others. */
export function Choices({ item, draft, ids }) {
  const now = chosen(item, draft) ?? [];
  const list = Array.isArray(now) ? now.map(String) : [];
  const toggle = (code, on) => {
    const rest = list.filter((each) => each !== code && (each === "none") === (code === "none"));
    const next = item.choices
      .map((choice) => String(choice.code))
      .filter((each) => (each === code ? on : rest.includes(each)));
    draft.choose(next.length ? next : null);
  };
  return html`<div class="dx-choices">
    ${item.choices.map(
      ({ code, label }, index) => html`<label key=${code} class="dx-choice">
        <input
          type="checkbox"
          id=${index === 0 ? ids.control : undefined}
          checked=${list.includes(String(code))}
          onChange=${(event) => toggle(String(code), event.target.checked)}
          ...${ids.described}
        />
        <span>${label}</span>
      </label>`,
    )}
  </div>`;
}
