// What stands in one control while it is being changed: typed but not sent, sent but not
// acknowledged, refused; and what somebody else put there meanwhile.
import { useEffect, useRef, useState } from "../core/html.js";
import { keyOf } from "../core/edits.js";
import { useKnown, useSitting } from "../core/sitting.js";

const PAUSE = 500;
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/**
 * @param target what a change writes, as core/edits.js names it
 * @param stored what is stored there
 * @returns {raw, status, waiting, foreign, change, typing} where raw is undefined while the control
 *          shows what is stored
 */
export function useDraft({ target, stored, news }) {
  const sitting = useSitting();
  const key = keyOf(target);
  const status = useKnown((known) => known.edits.get(key));
  const waiting = useKnown(() => sitting.unsent(target) !== undefined);
  const [raw, setRaw] = useState(() => sitting.unsent(target)?.raw ?? failedRaw(status));
  const [foreign, setForeign] = useState(null);
  const base = useRef(null); // {stored, sent}: what the change is made from, and whether it left
  const sent = useRef(null); // {raw} that left last, null if nothing did: nothing is a value too
  const timer = useRef(0);
  const composing = useRef(false);
  const focused = useRef(false);
  const latest = useRef();
  latest.current = { raw, stored };

  const begin = () => {
    if (base.current === null) base.current = { stored: latest.current.stored ?? null };
  };

  function send(next) {
    clearTimeout(timer.current);
    if (next === undefined) return;
    if (same(next, sent.current ? sent.current.raw : latest.current.stored)) return;
    sent.current = { raw: next };
    begin();
    // What was acknowledged since is the base of what follows, also before it is drawn.
    const ended = sitting.store.get().edits.get(key);
    if (ended?.saved && base.current.sent) base.current.stored = ended.was;
    base.current.sent = true;
    sitting.forget(target);
    sitting.edit(target, next, base.current.stored);
  }

  /** Take in what is being typed and send it when the typing pauses. */
  function type(next) {
    begin();
    setRaw(next);
    latest.current.raw = next;
    clearTimeout(timer.current);
    if (!composing.current) timer.current = setTimeout(() => send(next), PAUSE);
  }

  /** Take in what was chosen and send it at once. */
  function choose(next) {
    begin();
    setRaw(next);
    latest.current.raw = next;
    send(next);
    if (!sent.current) settle();
  }

  const flush = () => send(latest.current.raw);

  const settle = () => {
    base.current = null;
    sent.current = null;
    latest.current.raw = undefined;
    setRaw(undefined);
    setForeign(null);
  };

  // The control shows what is stored as soon as nobody is in it and what it shows is acknowledged.
  // Effects come late: what counts is what is known now, not what was drawn.
  useEffect(() => {
    const ended = sitting.store.get().edits.get(key);
    if (latest.current.raw === undefined || !ended || sitting.unsent(target)) return;
    if (ended.saved && base.current?.sent) base.current = { stored: ended.was };
    const over = (ended.saved || ended.conflict) && same(latest.current.raw, ended.raw);
    if (over && !focused.current) settle();
  }, [waiting, status]);

  // Somebody else's value never touches what is being typed; it is told beside it.
  useEffect(() => {
    if (!news || raw === undefined || base.current === null) return;
    if (!same(stored, base.current.stored) && !same(stored, raw)) setForeign(news);
  }, [news?.at, news?.by]);

  useEffect(() => () => latest.current.raw !== undefined && flush(), []);

  return {
    raw,
    status,
    waiting,
    foreign: foreign && {
      ...foreign,
      adopt() {
        clearTimeout(timer.current);
        sitting.forget(target);
        settle();
      },
      keep() {
        setForeign(null);
        sent.current = null; // it may have been acknowledged before the other's came
        flush();
      },
      /** Whoever goes elsewhere without choosing keeps what they typed. */
      leave(event) {
        const next = event.relatedTarget;
        if (!next || next.closest?.(".dx-field") !== event.currentTarget.closest(".dx-field"))
          flush();
      },
    },
    choose,
    type,
    /** The handlers of a control that is typed into. */
    typing: {
      onFocus: () => {
        focused.current = true;
      },
      onInput: (event) => type(event.target.value),
      onCompositionStart: () => {
        composing.current = true;
        clearTimeout(timer.current);
      },
      onCompositionEnd: (event) => {
        composing.current = false;
        type(event.target.value);
      },
      onKeyDown: (event) => {
        if (event.key === "Enter" && !event.isComposing && event.target.tagName !== "TEXTAREA")
          flush();
      },
      onBlur: (event) => {
        focused.current = false;
        composing.current = false;
        // On the way to choosing between two values nothing is sent.
        if (event.relatedTarget?.closest?.(".dx-foreign")) return;
        // What was typed a moment ago may not be drawn yet, so it is not asked of the drawn state.
        if (latest.current.raw === undefined) return;
        flush();
        const ended = sitting.store.get().edits.get(key);
        if (!sent.current || ended?.saved || ended?.conflict) settle();
      },
    },
  };
}

const failedRaw = (status) =>
  status && (status.unfit !== undefined || status.problem !== undefined) ? status.raw : undefined;
