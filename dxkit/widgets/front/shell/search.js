// Finding a field by its words.
import { html, useEffect, useState } from "../core/html.js";
import { useSitting } from "../core/sitting.js";
import { Dialog } from "./dialog.js";

const PAUSE = 250;

export function Search({ close }) {
  const sitting = useSitting();
  const [words, setWords] = useState("");
  const [hits, setHits] = useState(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!words.trim()) {
      setHits(null);
      return undefined;
    }
    let wanted = true;
    const timer = setTimeout(() => {
      sitting.ask("search", { words: words.trim() }).then(
        (reply) => {
          if (!wanted) return;
          setHits(reply.hits);
          setProblem("");
        },
        (refusal) => wanted && setProblem(refusal.message),
      );
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [words]);
  const jump = (hit) => {
    close();
    sitting.go({ view: "record", form: hit.form, section: hit.section, path: hit.path });
  };
  return html`<${Dialog} title="查找栏目" close=${close}>
    <label class="dx-block">题号或名称中的字
      <input class="dx-input" type="search" autofocus value=${words} onInput=${(event) => setWords(event.target.value)} />
    </label>
    <p role="status" class="dx-soft">${problem || (hits === null ? "" : hits.length ? `找到 ${hits.length} 处` : "没有找到，换个说法试试")}</p>
    <ul class="dx-hits">
      ${(hits ?? []).map(
        (
          hit,
        ) => html`<li key=${hit.path}><button type="button" class="dx-hit" onClick=${() => jump(hit)}>
          ${hit.label}${hit.where && html`<span class="dx-soft"> ${hit.where}</span>`}
        </button></li>`,
      )}
    </ul>
  <//>`;
}
