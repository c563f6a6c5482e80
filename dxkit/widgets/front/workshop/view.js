// The workshop view: what a working group decides together, one tab for each matter.
import { html } from "../core/html.js";
import { useKept } from "../core/looks.js";
import { useKnown } from "../core/sitting.js";
import { registerView } from "../core/views.js";
import { Tabs } from "../shell/tabs.js";
import { AskNext } from "./ask_next.js";
import { Closing } from "./closing.js";
import { Disputes } from "./disputes.js";
import { Present } from "./present.js";
import { Proposals } from "./proposals.js";
import { WhatIf } from "./what_if.js";

const MATTERS = [
  { id: "ask", title: "接下来问什么", draw: AskNext },
  { id: "what_if", title: "假如", draw: WhatIf },
  { id: "proposals", title: "问题与建议", draw: Proposals },
  { id: "disputes", title: "分歧", draw: Disputes, counted: (known) => known.conflicts.length },
  { id: "closing", title: "末次会议", draw: Closing },
  { id: "people", title: "参与者", draw: Present, counted: (known) => known.presence.length + 1 },
];

function WorkshopView() {
  const [chosen, choose] = useKept("workshop/tab", "ask");
  const matter = MATTERS.find(({ id }) => id === chosen) ?? MATTERS[0];
  const counts = useKnown((known) => MATTERS.map(({ counted }) => counted?.(known) ?? "").join("/")).split("/");
  const tabs = MATTERS.map(({ id, title }, place) => ({ id, title, count: counts[place] === "0" ? "" : counts[place] }));
  return html`<main class="dx-workshop">
    <h1 class="dx-only-heard">研讨</h1>
    <${Tabs} label="研讨的事项" tabs=${tabs} chosen=${matter.id} choose=${choose}>
      <${matter.draw} key=${matter.id} choose=${choose} />
    <//>
  </main>`;
}

registerView("workshop", { title: "研讨", draw: WorkshopView, topics: ["results"] });
