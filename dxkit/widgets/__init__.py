"""What the pages of a sitting show in a notebook: one widget and its browser side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dxkit.widgets.exploring import Explorer
    from dxkit.widgets.page import Page

__all__ = ["diagnosis", "record", "region", "workshop"]


def record(case: Path | str) -> Page:
    """Return the page on which the forms of a case are filled in."""
    return _page("record", case)


def diagnosis(case: Path | str) -> Page:
    """Return the page that shows the results of a case as they change."""
    return _page("diagnosis", case)


def workshop(case: Path | str) -> Page:
    """Return the page on which a group decides what to ask next and what to propose."""
    return _page("workshop", case)


def region(cases: Path | str) -> Explorer:
    """Return the page on which the figures of all cases of a folder are explored."""
    from dxkit.widgets.exploring import Explorer

    return Explorer(str(cases))


def _page(view: str, case: Path | str) -> Page:
    """Load what a page needs only when one is shown."""
    from dxkit.widgets.page import Page
    from dxkit.workshop import Session

    return Page(Session(case), view)
