// Tabs as the ARIA practices ask for: one stop in the tab order, arrows between them, a named panel.
import { html, useId, useRef } from "../core/html.js";

/** @param tabs [{id, title, count}] with a count only where a number says something */
export function Tabs({ label, tabs, chosen, choose, children }) {
  const id = useId();
  const list = useRef();
  const here = Math.max(
    0,
    tabs.findIndex((tab) => tab.id === chosen),
  );
  const move = (event) => {
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + tabs.length) % tabs.length;
    choose(tabs[next].id);
    list.current.children[next].focus();
  };
  return html`<div class="dx-tablist" role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
      ${tabs.map(
        (tab, place) => html`<button
          key=${tab.id}
          type="button"
          role="tab"
          class="dx-tab"
          id=${`${id}-${tab.id}`}
          aria-selected=${place === here ? "true" : "false"}
          aria-controls=${`${id}-panel`}
          tabindex=${place === here ? 0 : -1}
          onClick=${() => choose(tab.id)}
        >${tab.title}${tab.count ? html`<span class="dx-tab-count">${tab.count}</span>` : ""}</button>`,
      )}
    </div>
    <div class="dx-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${tabs[here].id}`} tabindex="0">${children}</div>`;
}

/** One of a few ways to look at the same thing, as a row of radio buttons. */
export function Choose({ label, options, chosen, choose }) {
  const name = useId();
  return html`<fieldset class="dx-pick">
    <legend class="dx-only-heard">${label}</legend>
    ${options.map(
      ({ id, title, count }) => html`<label key=${id} class="dx-pick-one">
        <input type="radio" name=${name} checked=${id === chosen} onChange=${() => choose(id)} />
        <span>${title}${count === undefined ? "" : html` <b>${count}</b>`}</span>
      </label>`,
    )}
  </fieldset>`;
}
