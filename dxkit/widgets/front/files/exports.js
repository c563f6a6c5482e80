// Taking the report and the forms along: what, in which format, how far it is, and the file.
import { html, useState } from "../core/html.js";
import { download } from "../core/download.js";
import { useKnown, useSitting } from "../core/sitting.js";
import { size } from "../core/words.js";
import { Dialog } from "../shell/dialog.js";

const REPORT = [
  ["docx", "Word"],
  ["pdf", "PDF"],
  ["html", "网页"],
  ["all", "三种都要"],
];
const FORM = [
  ["docx", "Word"],
  ["xlsx", "Excel"],
];

export function Exports({ close }) {
  const sitting = useSitting();
  const forms = useKnown((known) => known.forms);
  const jobs = useKnown((known) => known.jobs);
  const [what, setWhat] = useState("report");
  const formats = what === "report" ? REPORT : FORM;
  const [chosen, setFormat] = useState("docx");
  const format = formats.some(([code]) => code === chosen) ? chosen : "docx";
  const begin = async () => {
    const job = await sitting.act("export", { what, format });
    if (job) sitting.store.set(({ jobs: known }) => ({ jobs: { [job.job]: job, ...known } }));
  };
  return html`<${Dialog} title="导出" close=${close}>
    <p class="dx-soft">在后台生成，不影响您和其他人继续填写。</p>
    <label class="dx-block">导出什么
      <select class="dx-input" autofocus value=${what} onChange=${(event) => setWhat(event.target.value)}>
        <option value="report">诊断报告</option>
        <option value="all_forms">全部表单</option>
        ${forms.map((form) => html`<option key=${form.id} value=${form.id}>${form.mark} ${form.title}</option>`)}
      </select></label>
    <fieldset class="dx-field"><legend>格式</legend><div class="dx-choices">
      ${formats.map(
        ([code, label]) => html`<label key=${code} class="dx-choice">
          <input type="radio" name="dx-format" checked=${format === code} onChange=${() => setFormat(code)} />
          <span>${label}</span>
        </label>`,
      )}
    </div></fieldset>
    <div><button type="button" class="dx-button dx-main-button" onClick=${begin}>开始导出</button></div>
    <ul class="dx-uploads">${Object.values(jobs).map((job) => html`<${Job} key=${job.job} job=${job} />`)}</ul>
  <//>`;
}

/** How far an export is, in per cent and steps, what is being made, and for how long already. */
function far({ done, total, step, seconds }) {
  const steps = total ? `${Math.floor((done / total) * 100)}%，第 ${Math.min(done + 1, total)}/${total} 步` : "正在启动";
  return [step ? `${steps}：${step}` : steps, seconds ? `已 ${seconds} 秒` : ""].filter(Boolean).join(" · ");
}

function Job({ job }) {
  const sitting = useSitting();
  const [got, setGot] = useState("");
  const fetchIt = async () => {
    setGot("正在下载…");
    try {
      await download(sitting.ask, job.job, (offset, all) =>
        setGot(`正在下载 ${Math.floor((offset / Math.max(all, 1)) * 100)}%`),
      );
      setGot("已交给浏览器保存");
    } catch (problem) {
      setGot(`没有下载成：${problem.message}`);
    }
  };
  const under = job.state === "waiting" || job.state === "running";
  return html`<li class="dx-upload">
    <span class="dx-upload-name">${job.name ?? "导出"}</span>
    <span role="status">${job.words}</span>
    ${
      under &&
      html`<progress max=${job.total ?? undefined} value=${job.total ? job.done : undefined} aria-label=${`导出 ${job.name ?? ""}`}></progress>
      ${job.state === "running" && html`<span class="dx-job-step">${far(job)}</span>`}
      <button type="button" class="dx-button" onClick=${() => sitting.act("stop", { job: job.job })}>停止<span class="dx-only-heard">：${job.name}</span></button>`
    }
    ${
      job.state === "done" &&
      html`<button type="button" class="dx-button" onClick=${fetchIt}>
      下载${job.size ? `（${size(job.size)}）` : ""}<span class="dx-only-heard">：${job.name}</span>
    </button>`
    }
    <span role="status">${got}</span>
  </li>`;
}
