// Which row of a table is which, after rows came, went or changed places: each keeps the key that
// this page gave it, so that what is being typed stays in its row.

// A key must not be one that an earlier life of this page gave to another row.
const page = Math.random().toString(36).slice(2, 8);
let made = 0;

/** Return a key for a row. */
export function newKey() {
  made += 1;
  return `${page}-${made}`;
}

/** Return a row's filled cells as they are stored. */
export function cellsStored(row) {
  const filled = Object.entries(row?.cells ?? {}).filter(
    ([, cell]) => (cell.value ?? null) !== null,
  );
  return Object.fromEntries(filled.map(([column, cell]) => [column, cell.value]));
}

const content = (row) => JSON.stringify(cellsStored(row));

/**
 * Give every row of a table its key: what is bound to a place first, then rows of the same content,
 * then those that changed, in their order.
 */
export function keyed(item, before, bound = null) {
  if (!item.rows || item.kind !== "table") return item;
  const left = new Map((before?.rows ?? []).map((row) => [row.key, row]));
  const keys = new Map();
  const give = (row, key) => {
    keys.set(row, key);
    left.delete(key);
  };
  if (bound) {
    const row = item.rows.find(({ n }) => n === bound.index);
    if (row) give(row, bound.row);
  }
  for (const row of item.rows) {
    if (keys.has(row)) continue;
    const alike = [...left.values()].filter((each) => content(each) === content(row));
    alike.sort((one, other) => Math.abs(one.n - row.n) - Math.abs(other.n - row.n));
    if (alike.length) give(row, alike[0].key);
  }
  const open = item.rows.filter((row) => !keys.has(row));
  const old = [...left.values()];
  for (const [place, row] of open.entries()) {
    const same = open.length === old.length ? old[place] : old.find(({ n }) => n === row.n);
    if (same && left.has(same.key)) give(row, same.key);
  }
  return { ...item, rows: item.rows.map((row) => ({ ...row, key: keys.get(row) ?? newKey() })) };
}

/** Return the row into which cells were written, as it stands after it; undefined if none looks so. */
export function rowAfter(rows, cells, seen, index) {
  const others = Object.entries(seen ?? {}).filter(([column]) => !(column in cells));
  const fits = (row) =>
    others.every(
      ([column, value]) => JSON.stringify(row.cells[column]?.value) === JSON.stringify(value),
    ) &&
    (index !== null || holds(row, cells));
  const found = rows.filter(fits);
  if (index === null) return found.at(-1);
  found.sort((one, other) => Math.abs(one.n - index) - Math.abs(other.n - index));
  return found[0];
}

/** Tell whether a row shows just the cells that were typed. */
export function holds(row, cells) {
  return Object.entries(cells).every(([column, raw]) => {
    const cell = row.cells[column];
    if (raw === null) return (cell?.value ?? null) === null;
    return (
      cell &&
      (JSON.stringify(cell.value) === JSON.stringify(raw) ||
        cell.text === String(raw) ||
        String(cell.value) === String(raw))
    );
  });
}
