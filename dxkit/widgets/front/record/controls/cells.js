// Which control draws which kind of field where there is little room, as in the cell of a table.
import { html } from "../../core/html.js";
import { Folded } from "./folded.js";
import { Listed } from "./listed.js";
import { LongText, Typed } from "./typed.js";
import { Signed } from "./signed.js";

const TRUTH = [
  { code: "true", label: "是" },
  { code: "false", label: "否" },
];

/** Yes and no from a list; what is stored is a truth, never the word for it. */
function TruthListed({ item, draft, ids }) {
  const coded = (value) => (value === true ? "true" : value === false ? "false" : null);
  const now = draft.raw !== undefined ? draft.raw : (item.value ?? null);
  const shown = { ...item, choices: TRUTH, value: coded(now) };
  const choose = (code) => draft.choose(code === null ? null : code === "true");
  return html`<${Listed} item=${shown} draft=${{ ...draft, raw: undefined, choose }} ids=${ids} />`;
}

const CELLS = {
  long_text: LongText,
  yes_no: TruthListed,
  choice: Listed,
  ladder: Listed,
  region: Listed,
  industry: Listed,
  choices: Folded,
  indicators: Folded,
  signature: Signed,
  seal: Signed,
};

export const cellOf = (kind) => CELLS[kind] ?? Typed;
