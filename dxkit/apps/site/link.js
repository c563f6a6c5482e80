// The link between this page and its kernel: opened, watched, opened again; knows no widget.
//
// A link is lost when the socket closes or the server stops answering. The page is told at once;
// every two seconds the server is asked whether it is there. If the kernel still lives the link is
// opened again; if not, the page is loaded anew, because a new kernel knows nothing of it. What is
// said before the first opening is kept; what is said to a lost link is not, since the page was told
// and knows best what is still worth saying.

import { PROTOCOL, newId, pack, unpack } from "./wire.js";

const ASK_EVERY = 2000;
const ANSWER_WITHIN = 2500;
const ASLEEP = 4002;
const RELOADS = "dxkit-reloads";

/** Load the page anew; ever more slowly if that does not help. */
function loadAnew() {
  const tries = Number(sessionStorage.getItem(RELOADS) ?? 0);
  sessionStorage.setItem(RELOADS, String(tries + 1));
  setTimeout(() => location.reload(), Math.min(300 * tries ** 2, 15000));
}

/** Load a page that did not arrive whole anew, as soon as there is a server to load it from. */
export async function loadWhole() {
  try {
    await fetch("/alive", { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    loadAnew();
  } catch {
    setTimeout(loadWhole, ASK_EVERY);
  }
}

export class Link {
  /** @param {string} kernel @param {{message: Function, state: Function}} tell */
  constructor(kernel, tell) {
    this.kernel = kernel;
    this.tell = tell;
    this.session = newId();
    this.waiting = [];
    this.lost = false;
    this.leaving = false;
    this.failures = 0;
    this.connect();
    this.timer = setInterval(() => this.ask(), ASK_EVERY);
    addEventListener("pagehide", (event) => this.leave(event));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    addEventListener("online", () => this.ask());
    addEventListener("offline", () => this.lose("offline"));
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    const url = new URL(`/api/kernels/${this.kernel}/channels`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("session_id", this.session);
    const socket = new WebSocket(url, [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      for (const frame of this.waiting.splice(0)) socket.send(frame);
      if (this.lost) this.find();
    };
    socket.onmessage = (event) => {
      if (event.data instanceof ArrayBuffer) this.tell.message(unpack(event.data));
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      if (event.code === ASLEEP) this.sleep();
      else this.lose("closed");
    };
    this.socket = socket;
  }

  /** Send a message on the shell channel. */
  send(type, content, buffers = []) {
    const header = {
      msg_id: newId(),
      msg_type: type,
      session: this.session,
      username: "",
      version: "5.3",
      date: new Date().toISOString(),
    };
    const frame = pack("shell", { header, content }, buffers);
    if (this.open && !this.lost) this.socket.send(frame);
    else if (!this.lost) this.waiting.push(frame);
  }

  lose(why) {
    if (this.leaving || this.asleep) return;
    if (!this.lost) {
      this.lost = true;
      this.tell.state("lost", why);
    }
    if (why === "closed") this.ask();
  }

  find() {
    this.lost = false;
    this.tell.state("back");
  }

  /** Ask whether server and kernel are there, one question at a time. */
  async ask() {
    if (this.asking || this.leaving || this.asleep) return;
    this.asking = true;
    try {
      const answer = await fetch(`/alive?kernel=${this.kernel}`, {
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      if (answer.status === 403) return this.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const { kernel } = await answer.json();
      if (!kernel) return this.reload();
      sessionStorage.removeItem(RELOADS);
      if (this.socket.readyState > WebSocket.OPEN) this.connect();
      else if (this.lost && this.open) this.find();
    } catch {
      this.lose("silent");
    } finally {
      this.asking = false;
    }
  }

  /** Load the page anew, since this one's kernel is gone. */
  reload() {
    this.lose("gone");
    this.leaving = true;
    clearInterval(this.timer);
    loadAnew();
  }

  /** The kernel was given up since nobody used the page: the first touch loads it anew. */
  sleep() {
    if (!this.lost) this.tell.state("lost", "asleep");
    this.lost = this.asleep = true;
    clearInterval(this.timer);
    const wake = () => location.reload();
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });
    document.addEventListener("visibilitychange", () => document.hidden || wake());
  }

  /** The page is being closed: its kernel is not needed any more. */
  leave(event) {
    this.leaving = true;
    if (!event.persisted) navigator.sendBeacon(`/api/kernels/${this.kernel}/leave`);
  }
}
