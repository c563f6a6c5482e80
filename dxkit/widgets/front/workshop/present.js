// Who is at this case now, in which role, and what they are looking at.
import { html } from "../core/html.js";
import { useKnown } from "../core/sitting.js";
import { whereabouts } from "../shell/people.js";

export function Present() {
  const who = useKnown((known) => known.who);
  const others = useKnown((known) => known.presence);
  const forms = useKnown((known) => known.forms);
  return html`<div class="dx-present">
    <p class="dx-lead">${others.length ? `另有 ${others.length} 人打开着这个案卷。` : "现在只有您打开着这个案卷。"}离开十来秒后，名字会从这里消失。</p>
    <ul class="dx-present-list">
      <li><strong>${who.name}</strong><span class="dx-tag">${who.role_words}</span> <span class="dx-soft">就是您</span></li>
      ${others.map((person, index) => html`<li key=${index}>
        <strong>${person.name}</strong><span class="dx-tag">${person.role}</span>
        <span class="dx-soft">${whereabouts(person, forms)}</span>
      </li>`)}
    </ul>
  </div>`;
}
