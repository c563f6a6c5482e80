"""Sittings at a copy of a case, as tests speak with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dxkit import paths
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


def copy_of(name: str, home: Path, called: str = "trial") -> Path:
    """Copy a demonstration case into a workspace."""
    target = home / "parameters" / called
    shutil.copytree(SHIPPED / name, target)
    return target


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
