// The evidence of an answer: numbers of the ledger, typed or picked.
import { html, useRef, useState } from "../core/html.js";
import { storedAt } from "../core/edits.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { Secret } from "../files/secret.js";
import { Upload } from "../files/upload.js";
import { Dialog } from "../shell/dialog.js";
import { Edited } from "./field_edited.js";

export function EvidenceField({ item }) {
  const path = `${item.path}.evidence`;
  const value = storedAt(item, path);
  const [picking, setPicking] = useState(false);
  const [secret, setSecret] = useState(false);
  const button = useRef();
  const may = useKnown((known) => known.can);
  const own = {
    path,
    kind: "evidence",
    label: "证据编号",
    help: "",
    unit: "",
    choices: [],
    value,
    text: (value ?? []).join("、"),
    news: item.news,
    findings: [],
    conflicts: [],
    changed: null,
  };
  const close = () => {
    setPicking(false);
    button.current?.focus();
  };
  return html`<div class="dx-evidence">
    <${Edited} item=${own} path=${path} />
    <button type="button" class="dx-button" ref=${button} onClick=${() => setPicking(true)}>从材料台账选<span class="dx-only-heard">：${item.label}</span></button>
    ${
      may.upload &&
      html`<${Secret} value=${secret} set=${setSecret} />
      <${Upload} proves=${{ path: item.path, ...(secret ? { secret } : {}) }} label=${`上传证明“${item.label}”的材料`} />`
    }
    ${picking && html`<${Ledger} item=${item} path=${path} chosen=${value ?? []} close=${close} />`}
  </div>`;
}

function Ledger({ item, path, chosen, close }) {
  const sitting = useSitting();
  const [rows, setRows] = useState(null);
  const [problem, setProblem] = useState("");
  const [now, setNow] = useState(chosen);
  const begun = useRef(false);
  if (!begun.current) {
    begun.current = true;
    sitting.ask("evidence", {}).then(
      (reply) => setRows([...reply.evidence, ...reply.receipts]),
      (refusal) => setProblem(refusal.message),
    );
  }
  const tick = (number, on) =>
    setNow([...now.filter((each) => each !== number), ...(on ? [number] : [])]);
  const take = () => {
    sitting.edit({ path }, now.length ? now : null, chosen.length ? chosen : null);
    close();
  };
  return html`<${Dialog} title=${`材料台账：${item.label}`} close=${close}>
    ${problem && html`<p role="alert">${problem}</p>`}
    ${rows === null && !problem && html`<p role="status">正在取材料台账…</p>`}
    ${rows?.length === 0 && html`<p class="dx-empty">台账里还没有材料。</p>`}
    <ul class="dx-ledger">${(rows ?? []).map(
      (row) => html`<li key=${row.number}><label class="dx-choice">
      <input type="checkbox" checked=${now.includes(row.number)}
        onChange=${({ target }) => tick(row.number, target.checked)} />
      <span><strong>${row.number}</strong> ${row.name || row.file}${(row.secrecy || row.kept) && html`<span class="dx-tag">${row.secrecy || row.kept}</span>`}</span>
    </label></li>`,
    )}</ul>
    <div class="dx-table-tools"><button type="button" class="dx-button dx-main-button" onClick=${take}>确定（已选 ${now.length} 份）</button></div>
  <//>`;
}
