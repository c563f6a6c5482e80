// Controls that are typed into: texts, numbers, days and times.
import { html, useLayoutEffect, useRef } from "../../core/html.js";

const MODES = {
  count: "numeric",
  year: "numeric",
  number: "decimal",
  percent: "decimal",
  money: "decimal",
  phone: "tel",
  email: "email",
};
const NATIVE = { date: "date", time: "time", datetime: "datetime-local" };
const EXAMPLES = {
  date: "如 2026-03-05",
  time: "如 09:30",
  datetime: "如 2026-03-05 09:30",
  year: "四位数，如 2025",
  references: "编号，多个用顿号隔开",
  evidence: "材料编号，多个用顿号隔开",
};

/** What stands in the control: what is typed, else what is stored as it would be typed. */
export const standing = (item, draft) => {
  const value = draft.raw !== undefined ? draft.raw : item.value;
  return Array.isArray(value) ? value.join("、") : String(value ?? "");
};

const orNothing = (draft) => ({
  ...draft.typing,
  onInput: (event) => draft.type(event.target.value === "" ? null : event.target.value),
  onCompositionEnd: (event) => {
    draft.typing.onCompositionEnd(event);
    if (event.target.value === "") draft.type(null);
  },
});

export function Typed({ item, draft, ids }) {
  const unit = item.kind === "percent" && !item.unit ? "%" : item.unit;
  const short = item.kind in NATIVE || (item.kind in MODES && item.kind !== "email");
  const narrow = short ? " dx-narrow" : "";
  return html`<span class=${`dx-typed${narrow}`}>
    <input
      class="dx-input"
      id=${ids.control}
      type="text"
      inputmode=${MODES[item.kind]}
      autocomplete="off"
      spellcheck=${false}
      lang=${item.kind === "text" ? "zh-CN" : undefined}
      placeholder=${EXAMPLES[item.kind]}
      value=${standing(item, draft)}
      ...${ids.described}
      ...${orNothing(draft)}
    />
    ${unit && html`<span class="dx-unit" id=${ids.unit}>${unit}</span>`}
    ${item.kind in NATIVE && html`<${Calendar} item=${item} draft=${draft} />`}
  </span>`;
}

/** The browser's own picker beside a typed day or time. */
function Calendar({ item, draft }) {
  const own = useRef();
  const pick = () => {
    try {
      own.current.showPicker();
    } catch {
      own.current.focus();
    }
  };
  const now = standing(item, draft);
  return html`<span class="dx-calendar">
    <button type="button" class="dx-button dx-quiet" onClick=${pick} aria-label=${`从日历中选：${item.label}`}>选</button>
    <input
      ref=${own}
      type=${NATIVE[item.kind]}
      class="dx-native"
      tabindex="-1"
      aria-hidden="true"
      value=${item.kind === "datetime" ? now.replace(" ", "T") : now}
      onChange=${(event) => event.target.value && draft.choose(event.target.value.replace("T", " "))}
    />
  </span>`;
}

export function LongText({ item, draft, ids }) {
  const own = useRef();
  const text = standing(item, draft);
  useLayoutEffect(() => {
    own.current.style.height = "auto";
    own.current.style.height = `${own.current.scrollHeight + 2}px`;
  }, [text]);
  return html`<div class="dx-long">
    <textarea
      class="dx-input"
      id=${ids.control}
      ref=${own}
      rows=${ids.compact ? 1 : 3}
      value=${text}
      ...${ids.described}
      ...${orNothing(draft)}
    ></textarea>
    ${item.longest && html`<p class=${`dx-length${text.length > item.longest ? " dx-length-over" : ""}`}>${text.length}/${item.longest} 字</p>`}
  </div>`;
}
