// The changes a visitor made that are not yet acknowledged: sent one after the other per field,
// kept over a lost link and a reload, and sent again from the value they were based on.
import { Lost } from "./link.js";

/**
 * A change is named by what it writes: {path} or, for a cell of a table, {path, index, column}.
 * `raws` holds at most the change that may already have arrived and the one typed since.
 */
export const keyOf = ({ path, index, column }) =>
  column === undefined ? path : `${path}#${index}#${column}`;

export function createEdits({ ask, shelf, onChange, onReply }) {
  const entries = new Map();

  function keep() {
    const unsent = [...entries.values()].map(({ target, seen, raws, tried }) => ({
      target,
      seen,
      raws,
      tried,
    }));
    shelf.write("unsent", unsent.length ? unsent : undefined);
    onChange(entries.size);
  }

  /** Take a change in; a newer one replaces one that never left. */
  function put(target, raw, seen) {
    const key = keyOf(target);
    const entry = entries.get(key);
    if (entry) {
      entry.raws = entry.tried ? [entry.raws[0], raw] : [raw];
      keep();
      return;
    }
    entries.set(key, { target, seen, raws: [raw], tried: false, flying: false });
    keep();
    run(key);
  }

  async function run(key) {
    const entry = entries.get(key);
    if (!entry || entry.flying) return;
    entry.flying = true;
    while (entry.raws.length) {
      entry.tried = true;
      keep();
      const raw = entry.raws[0];
      let reply;
      try {
        reply = await ask(...requestOf(entry.target, raw, entry.seen));
      } catch (problem) {
        if (problem instanceof Lost) {
          entry.flying = false;
          return;
        }
        reply = { problem: problem.message };
      }
      entry.raws.shift();
      entry.tried = false;
      if (reply.saved) entry.seen = seenAfter(entry.target, reply, entry.seen);
      if (!entry.raws.length) entries.delete(key);
      keep();
      onReply(entry.target, raw, reply, { seen: entry.seen, more: entry.raws.length > 0 });
    }
  }

  return {
    put,
    /** Take up what an earlier life of this page could not deliver. */
    recover() {
      for (const entry of shelf.read("unsent", [])) {
        entries.set(keyOf(entry.target), { ...entry, flying: false });
      }
      onChange(entries.size);
      this.resume();
    },
    /** Send everything that waits, after the link came back. */
    resume() {
      for (const key of [...entries.keys()]) run(key);
    },
    unsent(target) {
      const entry = entries.get(keyOf(target));
      return entry && { raw: entry.raws.at(-1) };
    },
  };
}

function requestOf(target, raw, seen) {
  if (target.column === undefined) return ["edit", { path: target.path, raw, seen }];
  const { path, index, column } = target;
  return ["row", { path, action: "set", index, row: { [column]: raw }, seen }];
}

function seenAfter(target, reply, seen) {
  if (!reply.item) return seen;
  if (target.column === undefined) return storedAt(reply.item, target.path);
  return storedRow(reply.item.rows?.[target.index]);
}

/** Return what is stored at a path that is an item's own, one of its answer's parts or cells. */
export function storedAt(item, path) {
  if (path === item.path) return item.value ?? null;
  const part = path.slice(item.path.length + 1);
  if (item.answer && part in item.answer) {
    const found = item.answer[part];
    return (found && typeof found === "object" && "value" in found ? found.value : found) ?? null;
  }
  for (const row of item.rows ?? []) {
    for (const cell of Object.values(row.cells)) if (cell.path === path) return cell.value ?? null;
  }
  return null;
}

/** Return a table's row as it is stored: its filled cells by column. */
export function storedRow(row) {
  const filled = Object.entries(row?.cells ?? {}).filter(([, cell]) => (cell.value ?? null) !== null);
  return Object.fromEntries(filled.map(([key, cell]) => [key, cell.value]));
}
