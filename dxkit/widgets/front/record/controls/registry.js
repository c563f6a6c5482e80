// Which control draws which kind of field.
import { Choices, Radios, Truth } from "./choosing.js";
import { Listed } from "./listed.js";
import { Signed } from "./signed.js";
import { LongText, Typed } from "./typed.js";

/** `grouped` controls are several inputs under one legend; the others one input under a label. */
const CONTROLS = {
  text: { draw: Typed },
  long_text: { draw: LongText },
  count: { draw: Typed },
  number: { draw: Typed },
  percent: { draw: Typed },
  money: { draw: Typed },
  year: { draw: Typed },
  date: { draw: Typed },
  time: { draw: Typed },
  datetime: { draw: Typed },
  phone: { draw: Typed },
  email: { draw: Typed },
  credit_code: { draw: Typed },
  references: { draw: Typed },
  evidence: { draw: Typed },
  yes_no: { draw: Truth, grouped: true },
  choice: { draw: Radios, grouped: true },
  ladder: { draw: Radios, grouped: true },
  choices: { draw: Choices, grouped: true },
  indicators: { draw: Choices, grouped: true },
  region: { draw: Listed },
  industry: { draw: Listed },
  signature: { draw: Signed, grouped: true },
  seal: { draw: Signed, grouped: true },
};

export const controlOf = (kind) => CONTROLS[kind] ?? CONTROLS.text;
