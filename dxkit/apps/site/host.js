// A small host for anywidget front-end modules (AFM, https://anywidget.dev/en/afm/): it gives each
// widget of the page its model and its place. Widgets without such a module are not shown.

import { Link, loadWhole } from "./link.js";

const models = new Map();
let link;
let leaving = false;
addEventListener("pagehide", () => {
  leaving = true;
});

/** What a front-end module knows of its Python side. */
class Model {
  constructor(id) {
    this.id = id;
    this.state = {};
    this.changed = new Set();
    this.listeners = new Map();
    this.ready = new Promise((resolve) => {
      this.arrived = resolve;
    });
    this.ask();
  }

  ask() {
    this.comm({ method: "request_state" });
  }

  comm(data, buffers = []) {
    link.send("comm_msg", { comm_id: this.id, data }, buffers);
  }

  get(key) {
    return this.state[key];
  }

  set(key, value) {
    this.state[key] = value;
    this.changed.add(key);
    this.emit(`change:${key}`, value);
    this.emit("change");
  }

  save_changes() {
    const state = Object.fromEntries([...this.changed].map((key) => [key, this.state[key]]));
    this.changed.clear();
    this.comm({ method: "update", state, buffer_paths: [] });
  }

  send(content, callbacks, buffers = []) {
    this.comm({ method: "custom", content }, buffers);
  }

  on(name, listener) {
    for (const each of name.split(/\s+/)) {
      if (!this.listeners.has(each)) this.listeners.set(each, new Set());
      this.listeners.get(each).add(listener);
    }
  }

  off(name, listener) {
    if (name == null) return this.listeners.clear();
    for (const each of name.split(/\s+/)) {
      if (listener == null) this.listeners.delete(each);
      else this.listeners.get(each)?.delete(listener);
    }
  }

  emit(name, ...told) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        listener(...told);
      } catch (error) {
        console.error(error);
      }
    }
  }

  /** Take what the kernel says. */
  take({ data }, buffers) {
    if (data?.method === "custom") this.emit("msg:custom", data.content, buffers);
    if (data?.method !== "update") return;
    for (const [index, path] of (data.buffer_paths ?? []).entries()) put(data.state, path, buffers[index]);
    const known = this.arrived === null;
    for (const [key, value] of Object.entries(data.state)) {
      this.state[key] = value;
      if (known) this.emit(`change:${key}`, value);
    }
    if (known) this.emit("change");
    else {
      this.arrived();
      this.arrived = null;
    }
  }
}

function put(state, path, value) {
  const last = path.at(-1);
  let place = state;
  for (const key of path.slice(0, -1)) place = place[key];
  place[last] = value;
}

/** Run a widget's front-end module in its place. */
async function show(place) {
  const model = new Model(place.dataset.model);
  models.set(model.id, model);
  const late = setInterval(() => model.arrived && model.ask(), 3000);
  await model.ready;
  clearInterval(late);
  if (model.get("_css")) style(model.get("_css"));
  const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
  const module = await import(url);
  URL.revokeObjectURL(url);
  let widget = module.default ?? module;
  if (typeof widget === "function") widget = await widget();
  const signal = new AbortController().signal;
  await widget.initialize?.({ model, signal });
  place.replaceChildren();
  place.removeAttribute("aria-busy");
  await widget.render?.({ model, el: place, signal });
  model.shown = true;
}

function style(css) {
  const element = document.createElement("style");
  element.textContent = css;
  document.head.append(element);
}

function message({ header, content, buffers }) {
  if (header.msg_type === "comm_msg") models.get(content.comm_id)?.take(content, buffers);
}

/** Tell every widget about the link; what is not shown yet cannot tell its reader, so we do. */
function state(is, why) {
  const told = { tell: "link", state: is, why };
  for (const model of models.values()) model.emit("msg:custom", told, []);
  const notice = document.getElementById("notice");
  const shown = [...models.values()].some((model) => model.shown);
  notice.hidden = is === "back" || shown;
  notice.textContent = notice.hidden ? "" : "与服务器的连接断开了，正在自动恢复……";
}

function fail(place, error) {
  console.error(error);
  place.removeAttribute("aria-busy");
  place.replaceChildren();
  const words = document.createElement("p");
  words.className = "fault";
  words.setAttribute("role", "alert");
  words.textContent = "页面没能显示出来；已保存的内容不受影响。请刷新再试。";
  place.append(words);
}

/** Begin as soon as the kernel is known, and take up widgets as the page arrives. */
function begin() {
  const told = document.getElementById("kernel");
  if (!told) return false;
  link ??= new Link(told.dataset.kernel, { message, state });
  for (const place of document.querySelectorAll("[data-model]:not([data-taken])")) {
    place.dataset.taken = "";
    show(place).catch((error) => fail(place, error));
  }
  return true;
}

/** The end of the page comes last: without it the server or the kernel ended in between. */
function isWhole() {
  return document.getElementById("end") !== null;
}

function again() {
  if (leaving) return;
  const notice = document.getElementById("notice");
  notice.hidden = false;
  notice.textContent = "这一页没有传完，正在自动重新打开……";
  loadWhole();
}

begin();
if (document.readyState === "loading") {
  const watching = new MutationObserver(begin);
  watching.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    watching.disconnect();
    begin();
    if (!isWhole()) again();
  });
} else if (!isWhole()) {
  again();
}
