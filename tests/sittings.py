"""Sittings at new cases and at copies of the invented ones, for every test that needs one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dxkit import paths
from dxkit.case import create
from dxkit.case.paths_in_data import get
from dxkit.definitions import load
from dxkit.workshop import Session, Visitor

DEFINITIONS = load()
SHIPPED = Path(__file__).parent.parent / "parameters"


def workspace(home: Path, monkeypatch: Any) -> Path:
    """Make a folder the workspace, with its own parameters and outputs."""
    (home / "parameters").mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("DXKIT_HOME", str(home))
    paths.workspace.cache_clear()
    return home


def new_case(folder: Path, **content: Any) -> Path:
    """Set up a case with little or nothing in it."""
    case = folder / "trial"
    head = {"format": 1, "edition": DEFINITIONS.edition}
    create(case, {**head, "created_on": "2026-11-02", **content}, DEFINITIONS, "王组长")
    return case


def copied_case(folder: Path, name: str = "demo-copper", called: str = "") -> Path:
    """Copy one of the invented cases that come with the program."""
    return Path(shutil.copytree(SHIPPED / name, folder / (called or name)))


def copy_of(name: str, home: Path, called: str = "trial") -> Path:
    """Copy an invented case into a workspace."""
    return copied_case(home / "parameters", name, called)


def sitting(case: Path, role: str = "leader", name: str = "王组长") -> Session:
    """Return the session of somebody at a case, to put a page before."""
    return Session(case, Visitor(name, name, DEFINITIONS.roles[role]), DEFINITIONS)


def stored(session: Session, path: str) -> Any:
    """Return what the case on disk holds at a path."""
    session.catch_up()
    return get(session.desk.case.data, path)


def visitor(role: str, name: str = "") -> Visitor:
    return Visitor(f"{role}-{name}", name or f"某{role}", DEFINITIONS.roles[role])


class Sitting:
    """One person's session, asked in short."""

    def __init__(self, folder: Path, role: str = "leader", name: str = "") -> None:
        self.session = Session(folder, visitor(role, name), DEFINITIONS)
        self.numbers = 0
        self.heard: list[str] = []

    def ask(self, do: str, buffers: Sequence[bytes] = (), **asked: Any) -> dict[str, Any]:
        self.numbers += 1
        message = {"id": self.numbers, "do": do, **asked}
        reply = self.session.handle(message, buffers)
        assert reply["re"] == self.numbers
        assert "fault" not in reply, reply
        self._hear({key: value for key, value in reply.items() if key != "bytes"})
        return reply

    def open(self, path: str) -> dict[str, Any]:
        """Open the section in which a question stands and return its items by path."""
        form = path.partition(".")[0]
        for section in DEFINITIONS.annexes[form].sections:
            keys = {key for key, _ in section.questions()} | {each.key for each in section.fields}
            if path.partition(".")[2] in keys:
                reply = self.ask("open", form=form, section=section.id)
                return {item["path"]: item for item in reply.get("items", ())}
        raise AssertionError(path)

    def edit(self, path: str, raw: Any, seen: Any = None) -> dict[str, Any]:
        return self.ask("edit", path=path, raw=raw, seen=seen)

    def news(self) -> dict[str, dict[str, Any]]:
        """Return what is told, by topic; presence is no matter here."""
        told = self.session.news()
        self._hear(told)
        return {each["tell"]: each for each in told}

    def _hear(self, told: Any) -> None:
        self.heard.append(json.dumps(told, ensure_ascii=False))

    def heard_of(self, words: str) -> bool:
        """Tell whether some words ever reached the page, written out or escaped."""
        escaped = json.dumps(words)[1:-1]
        return any(words in each or escaped in each for each in self.heard)


def cells(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a table as a page sends it back as seen."""
    return {key: cell["value"] for key, cell in row["cells"].items()}
