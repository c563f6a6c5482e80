// What a page knows before it knows anything, and how news is worked into it.
import { keyOf } from "./edits.js";

export const NOTHING = {
  phase: "loading", // loading, ready, failed
  problem: null,
  link: "new", // new, ok, lost
  who: null,
  writes: null, // the part of a record answer that the main input writes
  secretWords: "", // what becomes of a file that is called secret
  case: null,
  can: {},
  views: [],
  forms: [],
  departments: [],
  department: "",
  saved: null,
  unsent: 0,
  place: {},
  focus: null, // {path, take} to be shown, and focused, once drawn; {head} of a section gone to
  section: null, // {form, section, title, note, text, order}
  sectionState: "loading", // loading, ready, failed
  items: new Map(),
  edits: new Map(), // what became of a field's last change, where that is worth words
  conflicts: [],
  presence: [],
  results: null,
  jobs: {},
  inbox: null,
  uploads: [],
  toasts: [],
};

/** Say of every field or cell that was written what became of it. */
export function statuses(target, raw, reply, was) {
  if (target.row === undefined) return [[keyOf(target), { ...reply, raw, was }]];
  const { unfit, ...rest } = reply;
  const whole = unfit?.find(({ key }) => !key);
  const told = [];
  for (const [column, value] of Object.entries(raw)) {
    const wrong = unfit?.find(({ key }) => key === column) ?? whole;
    const status = wrong ? { ...rest, unfit: wrong.expected, found: wrong.found } : rest;
    if (!unfit || wrong)
      told.push([
        keyOf({ ...target, column }),
        { ...status, raw: value, was: was[column] ?? null },
      ]);
  }
  return told;
}

/** Take new counts of sections into the known forms. */
export function merged(known, forms) {
  const news = new Map(forms.map((form) => [form.id, form]));
  return known.map((form) => {
    const changed = news.get(form.id);
    if (!changed) return form;
    const counts = new Map((changed.sections ?? []).map((section) => [section.id, section]));
    const sections = form.sections.map((section) => ({ ...section, ...counts.get(section.id) }));
    return { ...form, ...changed, sections };
  });
}
