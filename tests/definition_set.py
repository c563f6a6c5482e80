"""A copy of the shipped definitions that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

from dxkit import paths
from dxkit.definitions import load
from dxkit.errors import DefinitionError


def copy_to(target: Path) -> Path:
    source = paths.definitions()
    for name in ("indicators", "annexes", "rules", "form_checks"):
        shutil.copytree(source / name, target / name)
    for path in source.glob("*.yaml"):
        shutil.copy(path, target)
    return target


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path.name, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_of(folder: Path) -> list[str]:
    """Return the lines that loading says; a set that loads has none."""
    try:
        load(folder)
    except DefinitionError as refused:
        return str(refused).splitlines()
    return []
