// Which views a page can show; each view module says so itself with one call.

const views = new Map();

/**
 * @param id    as in the kernel's list of views
 * @param title what the switch in the head says
 * @param draw  a component without properties; it takes everything from useSitting()
 * @param topics what the kernel shall tell unasked while the view is open
 */
export function registerView(id, { title, draw, topics = [] }) {
  views.set(id, { id, title, draw, topics });
}

export function viewOf(id) {
  return views.get(id);
}

export function viewsAmong(ids) {
  return ids.map((id) => views.get(id)).filter(Boolean);
}
