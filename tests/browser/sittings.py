"""Sittings at copies of the invented cases, for tests that look at the pages."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

from dxkit.case import create
from dxkit.case.paths_in_data import get
from dxkit.definitions import Definitions, load
from dxkit.workshop import Session
from dxkit.workshop.seeing.visitors import Visitor

SHIPPED = Path(__file__).parent.parent.parent / "parameters"


@cache
def definitions() -> Definitions:
    """Return the definitions, read once for all tests of a process."""
    return load()


def new_case(folder: Path, **content: Any) -> Path:
    """Set up a case with little or nothing in it."""
    case = folder / "trial"
    head = {"format": 1, "edition": definitions().edition}
    create(case, {**head, "created_on": "2026-11-02", **content}, definitions(), "王组长")
    return case


def copied_case(folder: Path, name: str = "demo-copper") -> Path:
    """Copy one of the invented cases that come with the program."""
    return Path(shutil.copytree(SHIPPED / name, folder / name))


def sitting(case: Path, role: str = "leader", name: str = "王组长") -> Session:
    """Return a sitting of somebody at a case."""
    return Session(case, Visitor(name, name, definitions().roles[role]), definitions())


def stored(session: Session, path: str) -> Any:
    """Return what the case on disk holds at a path."""
    session.catch_up()
    return get(session.desk.case.data, path)
