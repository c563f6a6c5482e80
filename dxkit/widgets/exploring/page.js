// The browser side of the page to explore: three choices above what the kernel says of them.

const LABELS = { by: "分组", indicator: "指标", year: "年度" };
let pages = 0;

function made(kind, told = {}, ...children) {
  const element = Object.assign(document.createElement(kind), told);
  element.append(...children);
  return element;
}

function picker(name, values, chosen, changed) {
  const id = `dxr-${(pages += 1)}-${name}`;
  const select = made("select", { id });
  for (const [value, words] of values) {
    select.append(made("option", { value, selected: value === chosen, textContent: words }));
  }
  select.addEventListener("change", () => changed(name, select.value));
  return made("div", { className: "dxr-choice" }, made("label", { htmlFor: id, textContent: LABELS[name] }), select);
}

/** Tables and pictures may be wider than a phone: each scrolls by itself, by keyboard as well. */
function scrolling(shown) {
  for (const wide of shown.querySelectorAll("table, figure img")) {
    const name = wide.alt ? "图" : "数据表";
    const room = made("div", { className: "dxr-wide", tabIndex: 0 });
    room.setAttribute("role", "region");
    room.setAttribute("aria-label", name);
    wide.replaceWith(room);
    room.append(wide);
  }
}

function render({ model, el }) {
  let names = [];
  const pickers = made("div", { className: "dxr-choices" });
  const status = made("p", { className: "dxr-status" });
  status.setAttribute("role", "status");
  const shown = made("div", { className: "dxr-shown" });

  const asked = (name, value) => {
    status.textContent = "正在计算……";
    shown.setAttribute("aria-busy", "true");
    model.set("chosen", { ...model.get("chosen"), [name]: value });
    model.save_changes();
  };
  const choose = () => {
    const [choices, chosen] = [model.get("choices"), model.get("chosen")];
    names = Object.keys(LABELS).filter((name) => choices[name]);
    pickers.hidden = names.length === 0;
    pickers.replaceChildren(...names.map((name) => picker(name, choices[name], chosen[name], asked)));
    show();
  };
  const wait = () => {
    status.textContent = model.get("waiting");
  };
  const show = () => {
    shown.innerHTML = model.get("shown");
    scrolling(shown);
    const [answered, chosen] = [model.get("answers"), model.get("chosen")];
    if (names.some((name) => answered[name] !== chosen[name])) return;
    status.textContent = model.get("waiting");
    shown.removeAttribute("aria-busy");
  };

  // The workshop's site says where its first page is; a notebook has none.
  const home = document.body.dataset.home;
  const back = home ? [made("a", { href: home, textContent: "返回首页" })] : [];
  el.append(
    made(
      "div",
      { className: "dxr" },
      made("div", { className: "dxr-head" }, made("h1", { textContent: "全区汇总" }), ...back),
      pickers,
      status,
      shown,
    ),
  );
  choose();
  const heard = { choices: choose, shown: show, answers: show, waiting: wait };
  for (const [name, hear] of Object.entries(heard)) model.on(`change:${name}`, hear);
  return () => {
    for (const [name, hear] of Object.entries(heard)) model.off(`change:${name}`, hear);
  };
}

export default { render };
