// Where a page keeps things over a reload of the same tab: per case and visitor, and only there.

export function createShelf(name) {
  const key = (part) => `dxkit/${name}/${part}`;
  return {
    read(part, otherwise) {
      try {
        const text = sessionStorage.getItem(key(part));
        return text === null ? otherwise : JSON.parse(text);
      } catch {
        return otherwise;
      }
    },
    write(part, value) {
      try {
        if (value === undefined) sessionStorage.removeItem(key(part));
        else sessionStorage.setItem(key(part), JSON.stringify(value));
      } catch {
        // A browser that keeps nothing still edits; only a reload while cut off would lose words.
      }
    },
  };
}
