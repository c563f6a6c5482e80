// One pair of hands at a page of the record: goes through sections and changes one field after the
// other, as mouse and keys would, and waits after each until the page says what became of it.
(() => {
  const PATIENCE = 120_000;
  const CONTROLS = "input[type=radio], input[type=checkbox], input.dx-input[inputmode=numeric]";
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const item = (path) => document.querySelector(`.dx-item[data-path="${path}"]`);
  // Controls of the answer itself; those of its parts and of tables are left alone.
  const controls = (path) =>
    [...(item(path)?.querySelectorAll(CONTROLS) ?? [])].filter(
      (control) => !control.closest("table, .dx-answer"),
    );

  async function until(holds, what) {
    for (const begun = Date.now(); !holds(); await pause(15))
      if (Date.now() - begun > PATIENCE) throw new Error(`never came: ${what}`);
  }

  async function go({ id, title }) {
    location.hash = `#/record/annex_6/${id}`;
    await until(
      () => document.querySelector("h1")?.innerText === title && document.querySelector(".dx-item"),
      title,
    );
  }

  /** Change a field once; what it is changed to differs from turn to turn and from hand to hand. */
  function change(path, number, turn) {
    const offered = controls(path);
    const control = offered[(number + turn) % offered.length];
    if (control.type !== "text") {
      const other = offered[(number + turn + 1) % offered.length];
      (control.type === "radio" && control.checked ? other : control).click();
      return;
    }
    control.focus();
    control.value = String(1000 + number + 10 * turn);
    control.dispatchEvent(new InputEvent("input", { bubbles: true }));
    if (turn % 2)
      control.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    control.blur();
  }

  /** Return what the page says of a field, once it says so. */
  async function outcome(path) {
    await pause(0);
    await until(() => !item(path)?.innerText.includes("正在保存…"), `${path} 保存`);
    const shown = item(path);
    if (shown?.querySelector(".dx-trouble")) return "unfit";
    if (shown?.querySelector(".dx-below")?.innerText.startsWith("已保存")) return "saved";
    return shown?.querySelector(".dx-conflict") ? "conflict" : "gone";
  }

  window.hands = async function hands({ number, changes, sections }) {
    const became = [];
    const told = () => became.filter(([, word]) => word === "saved").length;
    for (let turn = 0; told() < changes; turn += 1) {
      const here = sections[(turn + Math.floor(number / 2)) % sections.length];
      await go(here);
      for (const path of [...document.querySelectorAll(".dx-item")].map((one) => one.dataset.path)) {
        if (told() >= changes) break;
        if (!controls(path).length) continue;
        change(path, number, turn);
        became.push([path, await outcome(path)]);
      }
    }
    return became;
  };
})();
