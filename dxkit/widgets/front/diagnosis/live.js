// The results as they are now: asked when the view opens and after a lost link, then told by the kernel.
import { useEffect, useState } from "../core/html.js";
import { Lost } from "../core/link.js";
import { useKnown, useSitting } from "../core/sitting.js";

/** @returns {reply, problem, again} with the last results known, null before the first. */
export function useResults() {
  const sitting = useSitting();
  const reply = useKnown((known) => known.results);
  const lost = useKnown((known) => known.link === "lost");
  const [problem, setProblem] = useState(null);
  const again = async () => {
    try {
      const { re, buffers, ...results } = await sitting.ask("results");
      sitting.store.set({ results });
      setProblem(null);
    } catch (refusal) {
      if (!(refusal instanceof Lost)) setProblem(refusal.message);
    }
  };
  useEffect(() => {
    if (!lost) again();
  }, [lost]);
  return { reply, problem, again };
}
