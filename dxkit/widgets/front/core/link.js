// The traffic with the kernel: numbered requests and their replies, what is told unasked, and
// whether anybody answers at all.

// A lost link is told within five seconds: 2 until a ping leaves, 2 until its answer is missed.
const LOOK_EVERY = 250;
const PING_EVERY = 2000;
const ANSWER_WITHIN = 2000;
const HELLO_AGAIN_AFTER = 5000;

/** A request that was refused, in the kernel's own words. */
class Refused extends Error {
  constructor(reply) {
    super(reply.problem);
    this.reply = reply;
  }
}

/** A request that nobody answered: whether it was carried out is not known. */
export class Lost extends Error {
  constructor() {
    super("连接中断，还没有得到答复");
  }
}

export function createLink(model, { onTell, onState }) {
  // Several views of one kernel hear each other's replies, so each counts from elsewhere.
  let number = Math.floor(Math.random() * 1e6) * 1e6;
  const waiting = new Map();
  let state = "new";
  let pinged = 0; // when the ping left that is not answered yet
  let lastPing = 0;
  let hostSaysLost = false;
  let timer = 0;

  function become(next) {
    if (next === state) return;
    state = next;
    if (state === "lost") {
      for (const [id, request] of waiting) {
        if (request.kept) continue;
        waiting.delete(id);
        request.reject(new Lost());
      }
    }
    onState(state);
  }

  function receive(message, buffers) {
    if (message.tell === "link") {
      hostSaysLost = message.state === "lost";
      if (hostSaysLost) become("lost");
      else ping();
      return;
    }
    if ("re" in message) {
      const request = waiting.get(message.re);
      if (request === undefined) return;
      waiting.delete(message.re);
      heard();
      if (message.problem !== undefined) request.reject(new Refused(message));
      else request.resolve({ ...message, buffers });
    } else if (message.tell !== undefined) {
      heard();
      onTell(message, buffers);
    }
  }

  function heard() {
    pinged = 0;
    if (!hostSaysLost) become("ok");
  }

  function send(verb, fields, { buffers, kept = false } = {}) {
    return new Promise((resolve, reject) => {
      number += 1;
      waiting.set(number, { resolve, reject, kept });
      model.send({ id: number, do: verb, ...fields }, undefined, buffers);
    });
  }

  function ping() {
    lastPing = Date.now();
    pinged ||= lastPing;
    send("ping", {}, { kept: true }).catch(() => {});
  }

  function watch() {
    if (state === "new") return;
    if (pinged && Date.now() - pinged > ANSWER_WITHIN) become("lost");
    if (Date.now() - lastPing >= PING_EVERY) ping();
  }

  model.on("msg:custom", receive);

  return {
    state: () => state,
    /** Ask the kernel; rejects with Refused or Lost. */
    ask(verb, fields = {}, options = {}) {
      if (state === "lost") return Promise.reject(new Lost());
      return send(verb, fields, options);
    },
    /** Ask until the kernel answers for the first time, then keep watching the link. */
    greet(fields) {
      let again = 0;
      return new Promise((resolve, reject) => {
        const attempt = () => {
          send("hello", fields, { kept: true }).then(
            (reply) => {
              clearInterval(again);
              resolve(reply);
            },
            (refusal) => {
              clearInterval(again);
              reject(refusal);
            },
          );
        };
        again = setInterval(attempt, HELLO_AGAIN_AFTER);
        timer = setInterval(watch, LOOK_EVERY);
        attempt();
      });
    },
    close() {
      clearInterval(timer);
      model.off("msg:custom", receive);
    },
  };
}
