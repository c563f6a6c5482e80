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
  const choices = model.get("choices");
  const names = Object.keys(LABELS).filter((name) => choices[name]);
  const status = made("p", { className: "dxr-status" });
  status.setAttribute("role", "status");
  const shown = made("div", { className: "dxr-shown" });

  const asked = (name, value) => {
    status.textContent = "正在计算……";
    shown.setAttribute("aria-busy", "true");
    model.set("chosen", { ...model.get("chosen"), [name]: value });
    model.save_changes();
  };
  const show = () => {
    shown.innerHTML = model.get("shown");
    scrolling(shown);
    const [answered, chosen] = [model.get("answers"), model.get("chosen")];
    if (names.some((name) => answered[name] !== chosen[name])) return;
    status.textContent = "";
    shown.removeAttribute("aria-busy");
  };

  const pickers = names.map((name) => picker(name, choices[name], model.get("chosen")[name], asked));
  // The workshop's site says where its first page is; a notebook has none.
  const home = document.body.dataset.home;
  const back = home ? [made("a", { href: home, textContent: "返回首页" })] : [];
  el.append(
    made(
      "div",
      { className: "dxr" },
      made("div", { className: "dxr-head" }, made("h1", { textContent: "全区汇总" }), ...back),
      made("div", { className: "dxr-choices" }, ...pickers),
      status,
      shown,
    ),
  );
  show();
  model.on("change:shown", show);
  model.on("change:answers", show);
  return () => {
    model.off("change:shown", show);
    model.off("change:answers", show);
  };
}

export default { render };
