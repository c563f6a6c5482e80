// Which results moved since they were last shown, told to eye and ear without moving anything.
import { html, useEffect, useRef, useState } from "../core/html.js";

const SHOWN = 8000;
const told = ({ words, low_words: low, high_words: high, state }) =>
  state === "unknown" && low && high ? `${words}（${low}—${high}）` : words;

/** Return what changed: [{id, words}], empty again after a while. */
export function useChanges(results) {
  const before = useRef(null);
  const [changes, setChanges] = useState([]);
  useEffect(() => {
    const now = new Map(results.map((each) => [each.id, told(each)]));
    const moved = before.current === null ? [] : results.filter((each) => before.current.get(each.id) !== told(each));
    const words = moved.map((each) => ({ id: each.id, words: `指标${each.no} ${each.short}：${before.current.get(each.id)} → ${told(each)}` }));
    before.current = now;
    if (!words.length) return undefined;
    setChanges(words);
    const timer = setTimeout(() => setChanges([]), SHOWN);
    return () => clearTimeout(timer);
  }, [results]);
  return changes;
}

export function Changes({ changes }) {
  return html`<div class="dx-changes" role="status" aria-live="polite">
    ${changes.length > 0 && html`<ul class="dx-changes-list">${changes.map(({ id, words }) => html`<li key=${id}>${words}</li>`)}</ul>`}
  </div>`;
}
