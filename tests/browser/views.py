"""What is asked of every view: usable with a screen reader, and nothing wider than the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.harness import Wire, open_page
from tests.sittings import copied_case, new_case, sitting

GRAVE = ("serious", "critical")


def grave_faults(page: Page) -> list[str]:
    """Return what axe-core finds that would keep somebody from using the page."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['html'][:120]}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def width(page: Page) -> int:
    """Return how wide the page is, with what sticks out of the window."""
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


@contextmanager
def opening(
    browser: Browser, folder: Path, view: str
) -> Iterator[Callable[..., tuple[Page, Wire, Path]]]:
    """Open a view of copies of cases; no page may have had a fault when it is left.

    What is yielded takes the name of an invented case, or None for an empty one, and a role.
    """
    pages = []

    def opened(name: str | None, role: str = "leader", **how: Any) -> tuple[Page, Wire, Path]:
        case = folder / (name or "trial")
        if not case.exists():
            case = copied_case(folder, name) if name else new_case(folder)
        page, wire = open_page(browser, sitting(case, role), view=view, **how)
        pages.append(page)
        return page, wire, case

    yield opened
    for page in pages:
        assert page.faults == []  # type: ignore[attr-defined]
        page.context.close()
