// What a page knows at the moment, in one place, and who is told when it changes.
import { useEffect, useLayoutEffect, useReducer, useRef } from "./html.js";

export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get: () => state,
    /** Merge a change, or what a function makes of the state, into the state. */
    set(change) {
      const patch = typeof change === "function" ? change(state) : change;
      if (!patch) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Return a part of the state; the component is drawn again only when that part changes. */
export function useStore(store, select) {
  const [, again] = useReducer((count) => count + 1, 0);
  const chosen = select(store.get());
  const last = useRef(chosen);
  const how = useRef(select);
  useLayoutEffect(() => {
    last.current = chosen;
    how.current = select;
  });
  useEffect(() => {
    const check = () => {
      if (!Object.is(how.current(store.get()), last.current)) again();
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return chosen;
}
