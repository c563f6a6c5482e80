// What the kernel works out from the case: asked when a view needs it, and again whenever the case
// changed. The last answer stays on the page until the next one is there.
import { useEffect, useRef, useState } from "./html.js";
import { Lost } from "./link.js";
import { useKnown, useSitting } from "./sitting.js";

const PAUSE = 250;
const SIGNS = ["results", "progress", "items"];

/**
 * Ask a verb that changes nothing, again when its fields or the case change.
 *
 * @returns {reply, problem, busy, again}; reply and problem are null before the first answer.
 */
export function useLook(verb, fields = {}) {
  const sitting = useSitting();
  const link = useKnown((known) => known.link);
  const [state, setState] = useState({ reply: null, problem: null, busy: true });
  const asked = useRef(0);
  const told = JSON.stringify(fields);

  const ask = async () => {
    const turn = ++asked.current;
    setState((before) => ({ ...before, busy: true }));
    try {
      const reply = await sitting.ask(verb, JSON.parse(told));
      if (turn === asked.current) setState({ reply, problem: null, busy: false });
    } catch (problem) {
      if (turn !== asked.current) return;
      const words = problem instanceof Lost ? null : problem.message;
      setState((before) => ({ ...before, problem: words, busy: problem instanceof Lost }));
    }
  };
  const now = useRef(ask);
  now.current = ask;

  useEffect(() => {
    if (link !== "lost") ask();
  }, [verb, told, link === "lost"]);

  useEffect(() => {
    let timer = 0;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => now.current(), PAUSE);
    };
    let saved = sitting.store.get().saved;
    const own = () => {
      const now = sitting.store.get().saved;
      if (now !== saved) soon();
      saved = now;
    };
    const ends = [...SIGNS.map((topic) => sitting.hear(topic, soon)), sitting.store.subscribe(own)];
    return () => {
      clearTimeout(timer);
      asked.current += 1;
      ends.forEach((end) => end());
    };
  }, []);

  return { ...state, again: () => now.current() };
}

/** Something a tab remembers over a reload, under a name of its own. */
export function useKept(name, otherwise) {
  const sitting = useSitting();
  const [value, setValue] = useState(() => sitting.shelf().read(name, otherwise));
  const keep = (next) => {
    setValue((before) => {
      const made = typeof next === "function" ? next(before) : next;
      sitting.shelf().write(name, made);
      return made;
    });
  };
  return [value, keep];
}
