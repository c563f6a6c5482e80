// What stands behind an answer of the record: the other values, how and from whom it is known, its
// evidence, why it does not apply or is disputed, and its history.
import { html, useEffect, useId, useState } from "../core/html.js";
import { storedAt } from "../core/edits.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { EvidenceField } from "./evidence.js";
import { Edited } from "./field_edited.js";
import { History } from "./history.js";

const VALUES = { self_reported: "自报值", onsite: "现场值", verified: "核定值" };
const METHODS = [
  ["interview", "访谈"],
  ["observation", "观察"],
  ["site_walk", "现场巡视"],
  ["document_review", "文件与记录评审"],
  ["system_demo", "信息系统演示"],
  ["data_collection", "数据采集"],
].map(([code, label]) => ({ code, label }));
const CAUSES = ["口径理解", "时间差异", "证据缺失", "填报错误", "现场发现"];
const PARTS = {
  methods: { label: "采集方式", kind: "choices", choices: METHODS },
  informant: { label: "受访人", kind: "text", help: "谁说的：姓名和岗位。" },
  evidence: { label: "证据编号", kind: "evidence" },
  strength: { label: "证据强度", kind: "choice" },
  diff_reason: {
    label: "差异原因",
    kind: "text",
    help: `自报与现场不同的填写；可以这样开头：${CAUSES.join("、")}。`,
  },
  remark: { label: "备注", kind: "long_text" },
};
const MARKS = {
  not_applicable: { label: "不适用", says: "此题不适用于本企业", asks: "不适用的理由" },
  disputed: { label: "存疑", says: "对此题有争议，暂不计入", asks: "争议的内容" },
};

export function Answer({ item }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { answer } = item;
  const told = summary(answer, item);
  return html`<div class="dx-answer">
    <button type="button" class="dx-button dx-quiet dx-more" aria-expanded=${open ? "true" : "false"} aria-controls=${id} onClick=${() => setOpen(!open)}>
      <span aria-hidden="true">${open ? "▾" : "▸"}</span> 来源与佐证<span class="dx-only-heard">：${item.label}</span>
    </button>
    ${!open && told.length > 0 && html`<span class="dx-told">${told.join("；")}</span>`}
    <div id=${id} hidden=${!open}>${open && html`<${Parts} item=${item} />`}</div>
  </div>`;
}

function summary(answer, item) {
  const told = [];
  for (const [part, label] of Object.entries(VALUES)) {
    const value = answer[part];
    if (value?.text && value.text !== item.text) told.push(`${label} ${value.text}`);
  }
  if (answer.not_applicable) told.push(`不适用：${answer.not_applicable}`);
  if (answer.disputed) told.push(`存疑：${answer.disputed}`);
  if (answer.methods?.length)
    told.push(
      answer.methods
        .map((code) => METHODS.find((each) => each.code === code)?.label ?? code)
        .join("、"),
    );
  if (answer.informant) told.push(`受访人 ${answer.informant}`);
  if (answer.evidence?.length) told.push(`证据 ${answer.evidence.join("、")}`);
  if (answer.recorder) told.push(`${answer.recorder} ${answer.recorded_at ?? ""} 记`);
  return told;
}

function Parts({ item }) {
  const writes = useKnown((known) => known.writes);
  const { answer } = item;
  const has = (part) => part in answer;
  return html`<div class="dx-parts">
    ${Object.entries(VALUES)
      .filter(([part]) => has(part) && part !== writes)
      .map(
        ([part, label]) =>
          html`<${Part} key=${part} item=${item} part=${part} as=${{ ...item, label, help: "", unit: item.unit, text: answer[part].text }} />`,
      )}
    ${Object.entries(PARTS)
      .filter(([part]) => has(part))
      .map(([part, as]) =>
        part === "evidence"
          ? html`<${EvidenceField} key=${part} item=${item} />`
          : html`<${Part} key=${part} item=${item} part=${part} as=${part === "strength" ? { ...as, choices: answer.strengths ?? [] } : as} />`,
      )}
    ${Object.keys(MARKS)
      .filter((part) => has(part) && (part !== "not_applicable" || item.may_be_not_applicable))
      .map((part) => html`<${Mark} key=${part} item=${item} part=${part} />`)}
    <${History} item=${item} />
  </div>`;
}

/** One part of an answer as a field of its own. */
function Part({ item, part, as }) {
  const path = `${item.path}.${part}`;
  const value = storedAt(item, path);
  const text = as.text ?? (Array.isArray(value) ? value.join("、") : (value ?? ""));
  const own = {
    unit: "",
    choices: [],
    ...as,
    path,
    no: "",
    required: false,
    clause: "",
    basis: "",
    value,
    text,
    news: item.news,
    findings: [],
    conflicts: [],
    changed: null,
  };
  return html`<${Edited} item=${own} path=${path} />`;
}

/** A mark that needs a reason: it is set as soon as the reason is written. */
function Mark({ item, part }) {
  const { label, says, asks } = MARKS[part];
  const reason = item.answer[part];
  const [wanted, setWanted] = useState(null); // what was ticked, until the stored reason follows
  const on = wanted ?? Boolean(reason);
  useEffect(() => setWanted(null), [reason]);
  const clear = useClear(item, part);
  return html`<div class="dx-field dx-flag">
    <label class="dx-choice"><input type="checkbox" checked=${on} onChange=${(event) => {
      setWanted(event.target.checked);
      if (!event.target.checked && reason) clear();
    }} /><span><strong>${label}</strong>：${says}</span></label>
    ${on && html`<${Part} item=${item} part=${part} as=${{ label: asks, kind: "text", help: reason ? "" : "写明理由后才算标记。" }} />`}
  </div>`;
}

function useClear(item, part) {
  const sitting = useSitting();
  const path = `${item.path}.${part}`;
  return () => sitting.edit({ path }, null, storedAt(item, path));
}
