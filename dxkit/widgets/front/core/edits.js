// The changes a visitor made that are not yet acknowledged: sent one after the other per field or
// row, kept over a lost link and a reload, and sent again from what they were based on.
import { Lost } from "./link.js";
import { cellsStored, rowAfter } from "./rows.js";

/**
 * A change is named by what it writes: {path}, or for a cell {path, row, index, column}, where `row`
 * is this page's own key of the row and `index` its place in the case, null while it has none.
 */
export const keyOf = ({ path, row, column }) =>
  row === undefined ? path : column === undefined ? `${path}#${row}` : `${path}#${row}#${column}`;

const entryKey = ({ path, row }) => keyOf({ path, row });
const isRow = (target) => target.row !== undefined;
const isFresh = (target) => isRow(target) && target.index === null;

/**
 * An entry's `raws` hold at most what may already have arrived and what was typed since; `was` is
 * what they are based on. Of a row both are by column, and `beside` is the row around them.
 *
 * @param rowOf   finds the row of a target as the page shows it now, undefined if it does not
 * @param isThere finds out whether a new row arrived although nobody said so
 */
export function createEdits({ ask, shelf, onChange, onReply, isThere, rowOf }) {
  const entries = new Map();

  function keep() {
    const unsent = [...entries.values()].map(({ flying, ...entry }) => entry);
    shelf.write("unsent", unsent.length ? unsent : undefined);
    onChange(entries.size);
  }

  /** Take a change in; a newer one replaces one that never left. */
  function put({ column, ...target }, raw, was) {
    const key = entryKey(target);
    const entry = entries.get(key) ?? {
      target,
      raws: [],
      was: isRow(target) ? {} : was,
      tried: false,
    };
    const sent = entry.tried ? entry.raws.slice(0, 1) : [];
    const waiting = entry.raws[sent.length];
    if (isRow(target)) {
      if (!entry.raws.some((cells) => column in cells)) entry.was[column] = was;
      entry.raws = [...sent, { ...waiting, [column]: raw }];
    } else entry.raws = [...sent, raw];
    entries.set(key, entry);
    keep();
    run(key);
  }

  async function run(key) {
    const entry = entries.get(key);
    if (!entry || entry.flying) return;
    entry.flying = true;
    while (entry.raws.length) {
      const raw = entry.raws[0];
      const again = entry.tried;
      entry.tried = true;
      if (isRow(entry.target)) lookAround(entry);
      keep();
      let reply;
      try {
        reply = again && isFresh(entry.target) ? await isThere(entry.target, raw) : undefined;
        reply ??= await ask(...requestOf(entry, raw));
      } catch (problem) {
        if (problem instanceof Lost) {
          entry.flying = false;
          return;
        }
        reply = { problem: problem.message };
      }
      entry.raws.shift();
      entry.tried = false;
      if (reply.saved && reply.item) settle(entry, raw, reply);
      else if (Array.isArray(reply.unfit)) sendTheRest(entry, raw, reply.unfit);
      const more = entry.raws[0];
      if (more === undefined) entries.delete(key);
      keep();
      onReply(entry.target, raw, reply, { was: entry.was, more });
    }
    entry.flying = false;
  }

  /** Name a row by how it looks now, since what others did to it does not concern these cells. */
  function lookAround(entry) {
    const row = rowOf(entry.target);
    if (!row) return;
    entry.beside = cellsStored(row);
    entry.target = { ...entry.target, index: row.n };
  }

  return {
    put,
    /** Take up what an earlier life of this page could not deliver. */
    recover() {
      for (const entry of shelf.read("unsent", [])) entries.set(entryKey(entry.target), entry);
      onChange(entries.size);
      this.resume();
    },
    /** Send everything that waits, after the link came back. */
    resume() {
      for (const key of [...entries.keys()]) run(key);
    },
    /** Return {raw} of a change that is not acknowledged, undefined if there is none. */
    unsent(target) {
      const entry = entries.get(entryKey(target));
      if (!entry) return undefined;
      if (!isRow(target)) return { raw: entry.raws.at(-1) };
      const cells = Object.assign({}, ...entry.raws);
      return target.column in cells ? { raw: cells[target.column] } : undefined;
    },
  };
}

function requestOf({ target, was, beside }, raw) {
  const { path, index } = target;
  if (!isRow(target)) return ["edit", { path, raw, seen: was }];
  if (isFresh(target)) return ["row", { path, action: "add", row: raw }];
  const based = Object.entries({ ...beside, ...was }).filter(
    ([, value]) => (value ?? null) !== null,
  );
  return ["row", { path, action: "set", index, row: raw, seen: Object.fromEntries(based) }];
}

/** One cell that does not fit keeps the others of its row from being stored; those go by themselves. */
function sendTheRest(entry, raw, unfit) {
  const wrong = new Set(unfit.map(({ key }) => key));
  if (wrong.has(undefined)) return;
  const rest = Object.entries(raw).filter(([column]) => !wrong.has(column));
  if (rest.length) entry.raws = [{ ...Object.fromEntries(rest), ...entry.raws[0] }];
}

/** Base what follows on what is stored now. */
function settle(entry, raw, reply) {
  if (!isRow(entry.target)) {
    entry.was = storedAt(reply.item, entry.target.path);
    return;
  }
  const row = rowAfter(reply.item.rows ?? [], raw, entry.beside ?? {}, entry.target.index);
  if (!row) return;
  entry.target = { ...entry.target, index: row.n };
  entry.beside = cellsStored(row);
  for (const column of Object.keys(raw)) entry.was[column] = row.cells[column]?.value ?? null;
}

/** Return what is stored at a path that is an item's own or one of its answer's parts. */
export function storedAt(item, path) {
  if (path === item.path) return item.value ?? null;
  const found = item.answer?.[path.slice(item.path.length + 1)];
  const isPair = found && typeof found === "object" && "value" in found;
  return (isPair ? found.value : found) ?? null;
}
