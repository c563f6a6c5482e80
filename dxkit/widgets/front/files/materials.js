// The files of a case: giving new ones, taking in what lies in the drop folder, and what is registered.
import { html, useEffect, useId, useState } from "../core/html.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { size } from "../core/words.js";
import { Dialog } from "../shell/dialog.js";
import { Secret } from "./secret.js";
import { Upload } from "./upload.js";

const PHOTO = "photo";

export function Materials({ close }) {
  const may = useKnown((known) => known.can);
  const words = useKnown((known) => known.secretWords);
  const [category, setCategory] = useState("");
  const [secret, setSecret] = useState(false);
  const [photo, setPhoto] = useState({});
  const [ledger, reload] = useLedger();
  const asked = category === PHOTO ? (ledger?.photo ?? []) : [];
  const open = asked.filter(({ key }) => !photo[key]);
  const proves = category === PHOTO ? { photo } : { item: category, ...(secret ? { secret } : {}) };
  const lacking = !category
    ? "先选择材料类别"
    : open.length
      ? `先填写${open.map(({ label }) => label).join("、")}`
      : "";
  return html`<${Dialog} title="材料" close=${close} wide>
    ${
      (may.upload || may.collect) &&
      html`<${Category} ledger=${ledger} value=${category} set=${setCategory} />
      ${asked.map(
        (
          field,
        ) => html`<${PhotoField} key=${field.key} field=${field} value=${photo[field.key] ?? ""}
          set=${(value) => setPhoto({ ...photo, [field.key]: value })} />`,
      )}
      ${
        category === PHOTO
          ? html`<p class="dx-soft">涉密的照片：${words}</p>`
          : html`<${Secret} value=${secret} set=${setSecret} />`
      }`
    }
    ${
      may.upload &&
      html`<section><h3>上传</h3>
      <${Upload} proves=${proves} label=${lacking ? `${lacking}，然后才能上传` : "选择要登记的文件"} disabled=${lacking !== ""} />
    </section>`
    }
    ${may.collect && html`<${Inbox} proves=${proves} lacking=${lacking} reload=${reload} />`}
    <${Registered} ledger=${ledger} />
  <//>`;
}

/** What has to be told of a photograph besides what the camera notes. */
function PhotoField({ field, value, set }) {
  return html`<label class="dx-block">${field.label}
    ${
      field.choices.length
        ? html`<select class="dx-input" value=${value} onChange=${(event) => set(event.target.value)}>
          <option value="">请选择</option>${field.choices.map(({ code, label }) => html`<option key=${code} value=${code}>${label}</option>`)}
        </select>`
        : html`<input class="dx-input" maxlength=${field.longest} value=${value} onInput=${(event) => set(event.target.value)} />`
    }
    ${field.help && html`<span class="dx-soft">${field.help}</span>`}
  </label>`;
}

function useLedger() {
  const sitting = useSitting();
  const uploads = useKnown((known) => known.uploads.filter(({ state }) => state === "done").length);
  const [ledger, setLedger] = useState(null);
  const reload = () =>
    sitting
      .ask("evidence", {})
      .then(setLedger, (refusal) => setLedger({ problem: refusal.message, evidence: [] }));
  useEffect(() => {
    reload();
  }, [uploads]);
  return [ledger, reload];
}

function Category({ ledger, value, set }) {
  return html`<label class="dx-block">材料类别
    <select class="dx-input" value=${value} onChange=${(event) => set(event.target.value)}>
      <option value="">请选择</option>
      ${(ledger?.categories ?? []).map(({ code, label }) => html`<option key=${code} value=${code}>${label}</option>`)}
      <option value=${PHOTO}>现场照片（登记到照片清单）</option>
    </select></label>`;
}

function Inbox({ proves, lacking, reload }) {
  const sitting = useSitting();
  const inbox = useKnown((known) => known.inbox);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  useEffect(() => {
    sitting.ask("inbox", {}).then(
      (reply) => sitting.store.set({ inbox: reply }),
      (refusal) => setProblem(refusal.message),
    );
  }, []);
  const collect = async (name) => {
    setBusy(name);
    try {
      const reply = await sitting.ask("collect", { name, ...proves });
      sitting.store.set(({ inbox: known }) => ({ inbox: { ...known, files: reply.files } }));
      sitting.say(`“${name}”已登记为 ${reply.evidence.number}`);
      setProblem("");
      reload();
    } catch (refusal) {
      setProblem(refusal.message);
    }
    setBusy("");
  };
  const files = inbox?.files ?? [];
  return html`<section><h3>投递文件夹</h3>
    <p class="dx-soft">不经浏览器也可以交材料：把文件复制到服务器上的文件夹${inbox?.folder ? html` <code>${inbox.folder}</code>` : ""}，写完两秒后出现在这里。</p>
    ${problem && html`<p class="dx-trouble" role="alert">${problem}</p>`}
    ${files.length === 0 && html`<p class="dx-soft">现在没有文件。</p>`}
    <ul class="dx-uploads">${files.map(
      (file) => html`<li key=${file.name} class="dx-upload">
      <span class="dx-upload-name">${file.name}</span> <span class="dx-soft">${size(file.size)}</span>
      ${
        file.ready
          ? html`<button type="button" class="dx-button" disabled=${lacking !== "" || busy !== ""}
              onClick=${() => collect(file.name)}>
              ${busy === file.name ? "正在登记…" : "登记"}<span class="dx-only-heard">：${file.name}</span>
            </button>`
          : html`<span>还在写入…</span>`
      }
    </li>`,
    )}</ul>
    ${files.length > 0 && lacking && html`<p class="dx-soft">${lacking}，再登记。</p>`}
  </section>`;
}

function Registered({ ledger }) {
  const id = useId();
  const rows = ledger?.evidence ?? [];
  const receipts = ledger?.receipts ?? [];
  return html`<section aria-labelledby=${id}><h3 id=${id}>已登记的材料</h3>
    ${ledger === null && html`<p role="status">正在取材料台账…</p>`}
    ${ledger?.problem && html`<p class="dx-trouble" role="alert">${ledger.problem}</p>`}
    ${ledger && !ledger.problem && rows.length + receipts.length === 0 && html`<p class="dx-soft">还没有登记材料。</p>`}
    <ul class="dx-ledger">${rows.map(
      (row) => html`<li key=${`${row.path}/${row.number}`}>
      ${row.picture && html`<${Picture} number=${row.number} name=${row.name} />`}
      <span><strong>${row.number}</strong> ${row.name || row.file}
        ${row.secrecy && html`<span class="dx-tag">${row.secrecy}</span>`}${row.outcome && html`<span class="dx-tag">${row.outcome}</span>`}</span>
    </li>`,
    )}${receipts.map(
      (row) =>
        html`<li key=${row.number}><span><strong>${row.number}</strong> 您上传的 <span class="dx-tag">${row.kept}</span></span></li>`,
    )}</ul>
  </section>`;
}

/** A small copy of a picture, fetched when somebody wants to see it. */
function Picture({ number, name }) {
  const sitting = useSitting();
  const [shown, setShown] = useState("");
  const [problem, setProblem] = useState("");
  const show = () =>
    sitting.ask("thumbnail", { number }).then(
      ({ data }) => setShown(data),
      (refusal) => setProblem(refusal.message),
    );
  if (shown) return html`<img class="dx-picture" src=${shown} alt=${`${number} ${name}`} />`;
  return html`<button type="button" class="dx-button" onClick=${show}>
      看图<span class="dx-only-heard"> ${number}</span>
    </button>
    ${problem && html`<span role="alert">${problem}</span>`}`;
}
