// One visitor at one case: joins what the kernel says with what the page knows, and holds every
// action that a view can ask for.
import { createContext, useContext } from "./html.js";
import { createEdits, keyOf } from "./edits.js";
import { merged, NOTHING, statuses } from "./known.js";
import { createLink, Lost } from "./link.js";
import { createPlace } from "./place.js";
import { cellsStored, holds, keyed } from "./rows.js";
import { createShelf } from "./shelf.js";
import { createStore, useStore } from "./store.js";
import { createUploads } from "./uploads.js";
import { viewOf, viewsAmong } from "./views.js";

export const SittingContext = createContext(null);

export function useSitting() {
  return useContext(SittingContext);
}

/** Return a part of what the page knows, as in useKnown((known) => known.who). */
export function useKnown(select) {
  return useStore(useSitting().store, select);
}

export function createSitting(model) {
  const store = createStore(NOTHING);
  let shelf = createShelf("nobody");
  const tellers = new Map();
  const link = createLink(model, { onTell, onState });
  const place = createPlace(createShelf("place"), (next) => arrive(next));
  const uploads = createUploads({
    ask: link.ask,
    store,
    taken: ({ items, saved }) => {
      store.set({ saved: saved.at });
      takeItems(items);
    },
  });
  let edits = null;
  let toast = 0;

  function onState(state) {
    store.set({ link: state });
    if (state === "ok" && store.get().phase === "ready") {
      watchTopics();
      reopen().then(() => edits?.resume());
    }
  }

  const tells = {
    items: ({ items, by, at }) => takeItems(items, { by, at }),
    section: ({ tell, ...head }) =>
      store.set(({ section }) =>
        section?.form === head.form && section.section === head.section
          ? { section: { ...section, ...head } }
          : null,
      ),
    progress: ({ forms }) =>
      forms && store.set(({ forms: known }) => ({ forms: merged(known, forms) })),
    results: (results) => store.set({ results }),
    conflicts: ({ open }) => store.set({ conflicts: open }),
    // An earlier page of the same person may still be thought to be there.
    presence: ({ people }) =>
      store.set(({ who }) => ({ presence: people.filter(({ name }) => name !== who?.name) })),
    inbox: ({ files }) => store.set(({ inbox }) => ({ inbox: { ...inbox, files } })),
    problem: ({ problem }) => say(problem, { kind: "problem" }),
    job: (job) => store.set(({ jobs }) => ({ jobs: { ...jobs, [job.job]: job } })),
  };

  function onTell(message) {
    tells[message.tell]?.(message);
    for (const listener of tellers.get(message.tell) ?? []) listener(message);
  }

  function takeItems(items, change = null, bound = null) {
    if (!items?.length) return;
    store.set(({ items: known, section }) => {
      const next = new Map(known);
      for (const item of items) {
        if (!section?.order.includes(item.path)) continue;
        const before = known.get(item.path);
        const fresh = keyed(item, before, bound?.path === item.path ? bound : null);
        next.set(item.path, change ? { ...fresh, news: change } : fresh);
      }
      return { items: next };
    });
  }

  function onReply(target, raw, reply, { was, more }) {
    if (reply.saved) store.set({ saved: reply.saved.at });
    const bound = target.row === undefined ? null : target;
    takeItems(reply.item ? [reply.item] : [], null, bound);
    takeItems(reply.items?.filter(({ path }) => path !== reply.item?.path));
    store.set(({ edits: known }) => {
      const next = new Map(known);
      for (const [key, status] of statuses(target, raw, reply, was)) {
        const typedSince =
          target.row === undefined ? more !== undefined : more && key.split("#")[2] in more;
        if (!typedSince) next.set(key, status);
      }
      return { edits: next };
    });
  }

  /** Return a reply of its own if a row that may have arrived before the link was lost is there. */
  async function isThere({ path }, cells) {
    await openSection({ quiet: true });
    const item = store.get().items.get(path);
    const row = item?.rows?.findLast(
      (each) =>
        holds(each, cells) && Object.keys(cellsStored(each)).length <= Object.keys(cells).length,
    );
    return row && { saved: { at: store.get().saved }, item };
  }

  const rowOf = ({ path, row }) =>
    store
      .get()
      .items.get(path)
      ?.rows?.find(({ key }) => key === row);

  async function begin() {
    try {
      const hello = await link.greet({});
      const { who, case: found } = hello;
      shelf = createShelf(`${found.id}/${who.name}`);
      edits = createEdits({
        ask: link.ask,
        shelf,
        onChange: (unsent) => store.set({ unsent }),
        onReply,
        isThere,
        rowOf,
      });
      store.set({
        phase: "ready",
        who,
        writes: hello.writes ?? null,
        secretWords: hello.secret_words ?? "",
        case: found,
        can: hello.can ?? {},
        views: viewsAmong(hello.views),
        forms: hello.forms,
        departments: hello.departments ?? [],
        department: shelf.read("department", ""),
        saved: hello.saved?.at ?? null,
        conflicts: hello.conflicts ?? [],
      });
      arrive(place.read());
      edits.recover();
    } catch (problem) {
      store.set({ phase: "failed", problem: problem.message });
    }
  }

  /** Follow a wish to be somewhere as far as it leads to something that exists. */
  function arrive(wish, { focus = false } = {}) {
    const { views, forms, place: before } = store.get();
    const view =
      views.find(({ id }) => id === wish.view) ??
      views.find(({ id }) => id === model.get("view")) ??
      views[0];
    const form =
      forms.find(({ id }) => id === wish.form) ??
      forms.find(({ id }) => id === "annex_6") ??
      forms[0];
    const section = form?.sections.find(({ id }) => id === wish.section) ?? form?.sections[0];
    const next = { view: view?.id, form: form?.id, section: section?.id, path: wish.path };
    store.set({
      place: next,
      focus: wish.path ? { path: wish.path, take: focus } : focus ? { head: true } : null,
    });
    place.write(next, { push: focus });
    if (view?.id !== before.view) watchTopics();
    const moved = next.form !== before.form || next.section !== before.section;
    if (section && (moved || !store.get().section)) openSection();
  }

  function watchTopics() {
    const topics = viewOf(store.get().place.view)?.topics ?? [];
    link.ask("watch", { topics }).catch(() => {});
  }

  async function openSection({ quiet = false } = {}) {
    const { form, section } = store.get().place;
    const { department } = store.get();
    if (!quiet) store.set({ sectionState: "loading", section: null, items: new Map() });
    try {
      const opened = await link.ask("open", {
        form,
        section,
        ...(department ? { department } : {}),
      });
      const { place: now, items: before } = store.get();
      if (now.form !== form || now.section !== section) return;
      store.set({
        sectionState: "ready",
        section: { ...opened, order: opened.items.map(({ path }) => path) },
        items: new Map(opened.items.map((item) => [item.path, keyed(item, before.get(item.path))])),
      });
    } catch (problem) {
      if (problem instanceof Lost && quiet) return;
      store.set({ sectionState: "failed", problem: problem.message });
    }
  }

  const reopen = () => openSection({ quiet: store.get().section !== null });

  function say(words, { undo = false, kind = "note" } = {}) {
    toast += 1;
    const id = toast;
    store.set(({ toasts }) => ({ toasts: [...toasts.slice(-2), { id, words, undo, kind }] }));
    setTimeout(() => dismiss(id), 12000);
  }

  function dismiss(id) {
    store.set(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));
  }

  function takeReply(reply) {
    if (reply.saved) store.set({ saved: reply.saved.at });
    takeItems(reply.items ?? (reply.item ? [reply.item] : []));
    return reply;
  }

  /** Ask, take in what the reply brings, and tell a refusal in words; undefined if refused. */
  async function act(verb, fields, options) {
    try {
      return takeReply(await link.ask(verb, fields, options));
    } catch (problem) {
      say(problem.message, { kind: "problem" });
      return undefined;
    }
  }

  /** Undo or redo, and say what; what lies elsewhere can be gone to. */
  async function again(verb) {
    const reply = await act(verb, {});
    if (reply) say(reply.words);
  }

  return {
    store,
    uploads,
    begin,
    ask: link.ask,
    act,
    /** Ask and take in what the reply brings; a refusal is for the caller to tell. */
    write: (verb, fields) => link.ask(verb, fields).then(takeReply),
    say,
    dismiss,
    reopen,
    /** Write a value that was made from what stood there before. */
    edit: (target, raw, was) => edits.put(target, raw, was),
    /** Return {raw} of a change that nobody acknowledged yet, else undefined. */
    unsent: (target) => edits?.unsent(target),
    /** What became of the last change is read and needs no words any more. */
    forget(target) {
      if (!store.get().edits.has(keyOf(target))) return;
      store.set(({ edits: known }) => {
        const next = new Map(known);
        next.delete(keyOf(target));
        return { edits: next };
      });
    },
    /** Show a view, a form, a section or a field; what is not named stays as it is. */
    go(wish) {
      const { path, ...rest } = store.get().place;
      arrive({ ...rest, ...wish }, { focus: true });
    },
    /** Remember the field that is being looked at, without going anywhere. */
    at(path) {
      const now = { ...store.get().place, path };
      store.set({ place: now });
      place.write(now);
    },
    chooseDepartment(department) {
      shelf.write("department", department || undefined);
      store.set({ department });
      openSection();
    },
    undo: () => again("undo"),
    redo: () => again("redo"),
    /** Hear what the kernel tells under a topic; returns how to stop. */
    hear(topic, listener) {
      if (!tellers.has(topic)) tellers.set(topic, new Set());
      tellers.get(topic).add(listener);
      return () => tellers.get(topic).delete(listener);
    },
    shelf: () => shelf,
    close() {
      link.close();
      place.close();
    },
  };
}
