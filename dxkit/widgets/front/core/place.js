// Where a visitor is: view, form, section and field, kept in the address so that a reload and a
// link lead back to it. Inside JupyterLab the address is not ours and a shelf keeps it.

const PATTERN = /^#\/([\w-]+)(?:\/([\w-]+)(?:\/([\w-]+)(?:\/([\w.-]+))?)?)?$/;

export function createPlace(shelf, changed) {
  const own = !document.querySelector(".jp-LabShell, .jp-NotebookPanel");

  function read() {
    const found = PATTERN.exec(own ? location.hash : shelf.read("place", ""));
    return found ? { view: found[1], form: found[2], section: found[3], path: found[4] } : {};
  }

  function write(place, { push = false } = {}) {
    const steps = [place.view, place.form, place.section, place.path];
    const end = steps.findIndex((step) => !step);
    const hash = `#/${steps.slice(0, end < 0 ? steps.length : end).join("/")}`;
    if (!own) shelf.write("place", hash);
    else if (hash !== location.hash) history[push ? "pushState" : "replaceState"](null, "", hash);
  }

  const listen = () => changed(read());
  if (own) addEventListener("hashchange", listen);
  if (own) addEventListener("popstate", listen);
  return {
    read,
    write,
    close() {
      removeEventListener("hashchange", listen);
      removeEventListener("popstate", listen);
    },
  };
}
