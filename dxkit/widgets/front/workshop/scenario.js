// The scenario a group plays with: changed answers and costs, kept in this tab and never in the record.
import { useKept } from "../core/looks.js";

/** @returns changes by question, costs by question, and how to set, drop and clear them. */
export function useScenario() {
  const [changes, setChanges] = useKept("what_if/changes", {});
  const [costs, setCosts] = useKept("what_if/costs", {});
  const put = (set) => (question, value) =>
    set((before) => {
      const { [question]: _gone, ...rest } = before;
      return value === undefined ? rest : { ...rest, [question]: value };
    });
  return {
    changes,
    costs,
    change: put(setChanges),
    price: put(setCosts),
    /** Try the costs of some levers no more. */
    restore: (levers) =>
      setCosts((before) => {
        const left = { ...before };
        for (const { question } of levers) delete left[question];
        return left;
      }),
    take: setChanges,
    clear: () => setChanges({}),
  };
}
