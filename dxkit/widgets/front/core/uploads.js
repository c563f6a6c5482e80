// Files on their way to the kernel: in pieces, past a lost link, and stopped when asked.
import { Lost } from "./link.js";

const MOST = 60 * 1024 * 1024;
const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

let made = 0;

/**
 * @param ask    asks the kernel
 * @param store  where `uploads` are told: {id, name, size, sent, state, words, proves}
 * @param link   tells when the link is back
 */
export function createUploads({ ask, store, taken }) {
  const stopped = new Set();

  function tell(id, change) {
    store.set(({ uploads }) => ({
      uploads: uploads.map((each) => (each.id === id ? { ...each, ...change } : each)),
    }));
  }

  /** Ask again after the link came back, as often as it takes. */
  async function surely(verb, fields, options) {
    for (;;) {
      try {
        return await ask(verb, fields(), options?.());
      } catch (problem) {
        if (!(problem instanceof Lost)) throw problem;
        await linked();
        if (verb !== "upload_begin") return undefined;
      }
    }
  }

  function linked() {
    return new Promise((resolve) => {
      if (store.get().link === "ok") return setTimeout(resolve, 300);
      const stop = store.subscribe(() => {
        if (store.get().link !== "ok") return;
        stop();
        resolve();
      });
      return undefined;
    });
  }

  async function send(id, file, proves) {
    let begun = await surely("upload_begin", () => ({
      name: file.name,
      size: file.size,
      ...proves,
    }));
    const { upload, chunk } = begun;
    let next = begun.next ?? 0;
    while (next * chunk < file.size) {
      if (stopped.has(id)) {
        await ask("upload_cancel", { upload });
        return undefined;
      }
      const piece = await file.slice(next * chunk, (next + 1) * chunk).arrayBuffer();
      const reply = await surely(
        "upload_chunk",
        () => ({ upload, n: next }),
        () => ({ buffers: [piece] }),
      );
      if (reply === undefined) {
        begun = await surely("upload_begin", () => ({
          name: file.name,
          size: file.size,
          resume: upload,
        }));
        next = begun.next ?? next;
        continue;
      }
      next += 1;
      tell(id, { sent: Math.min(reply.received, file.size) });
    }
    tell(id, { words: "正在核对和登记…" });
    const sha256 = await digest(file);
    return ask("upload_end", { upload, ...proves, ...(sha256 ? { sha256 } : {}) });
  }

  /** Take a file on; what is too large is refused before a byte leaves. */
  async function start(file, proves) {
    made += 1;
    const id = made;
    const upload = {
      id,
      name: file.name,
      size: file.size,
      sent: 0,
      state: "sending",
      words: "",
      proves,
    };
    store.set(({ uploads }) => ({ uploads: [...uploads, upload] }));
    if (file.size > MOST) {
      tell(id, {
        state: "refused",
        words: `${megabytes(file.size)}，超过 60 MB，没有上传。请压缩后再传，或请组长用投递文件夹收取。`,
      });
      return;
    }
    if (file.size === 0) {
      tell(id, { state: "refused", words: "是空文件，没有上传。" });
      return;
    }
    try {
      const reply = await send(id, file, proves);
      if (!reply) {
        tell(id, { state: "stopped", words: "已取消，没有留下内容。" });
        return;
      }
      const { number, notes = [] } = reply.evidence;
      tell(id, {
        state: "done",
        sent: file.size,
        words: [`已登记为 ${number}`, ...notes].join("；"),
      });
      taken(reply);
    } catch (problem) {
      const words =
        problem instanceof Lost ? "连接中断，登记与否请在材料台账中核对。" : problem.message;
      tell(id, { state: "refused", words });
    }
  }

  return {
    start,
    stop: (id) => stopped.add(id),
    forget: (id) =>
      store.set(({ uploads }) => ({ uploads: uploads.filter((each) => each.id !== id) })),
  };
}

/** Return the hash of a file where the browser can work it out, which needs a safe context. */
async function digest(file) {
  if (!globalThis.crypto?.subtle) return "";
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
