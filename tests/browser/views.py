"""What is asked of every view: usable with a screen reader, and nothing wider than the window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
