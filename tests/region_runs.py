"""`dxkit region` as tests call it: on invented cases, its exit code with all that it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dxkit import strict_yaml
from dxkit.case import create
from dxkit.definitions import load
from tests.command_line import call


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Call `dxkit region` and return its exit code and all that it says."""
    code, out, err = call(capsys, "region", *map(str, arguments))
    return code, out + err


def rewrite(
    folder: Path, change: Callable[[dict[str, Any]], object], to: Path | None = None
) -> None:
    """Write a case with other content, in its place or as a case elsewhere."""
    content: dict[str, Any] = strict_yaml.read(folder / "case.yaml").data
    change(content)
    del content["format"], content["edition"]
    if to is None:
        folder.rename(folder.with_name(f".{folder.name}-before"))
    create(to or folder, content, load(), "测试")


def a_year_later(content: dict[str, Any]) -> None:
    """Make the content of a case that of the same enterprise a year later."""
    for row in content["annex_3"]["yearly"]:
        row["year"] += 1


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file that `dxkit region` wrote."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
