"""A half-filled case is the normal state of a case: its report never breaks for what is missing."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dxkit import paths, report
from dxkit.case import Case, open_case
from dxkit.charts import drawing
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.notebook import read
from dxkit.report import photographs

from . import report_case

pytestmark = pytest.mark.slow

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff"
    "3f0005fe02fe0def46b80000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose every chart but do not paint it: what is missing shows before the painting."""
    monkeypatch.setattr(drawing, "to_png", lambda _picture: PIXEL)
    monkeypatch.setattr(photographs, "_beside", lambda _pictures: PIXEL)


def passages(*notebooks: str) -> list[str]:
    """Return the one-line cells of some notebooks that print something."""
    files = (paths.notebooks() / f"{name}.ipynb" for name in notebooks)
    cells = [cell for file in files for cell in read(file).cells]
    lines = [cell.source for cell in cells if cell.cell_type == "code"]
    return [line for line in lines if "(d" in line and "\n" not in line]


def rooms() -> dict[str, Any]:
    """Import the chapters under the names that the notebook uses."""
    names = [path.stem for path in Path(report.__file__).parent.glob("*.py")]
    return {name: import_module(f"dxkit.report.{name}") for name in names}


def mutations(data: dict[str, Any], chosen: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield copies with one cell, one row's content or one field taken away."""
    for annex, answers in data.items():
        if not isinstance(answers, dict):
            continue
        for key, value in answers.items():
            less = copy.deepcopy(data)
            del less[annex][key]
            yield f"{annex}.{key} missing", less
            if not (isinstance(value, list) and value and isinstance(value[0], dict)):
                continue
            empty = copy.deepcopy(data)
            empty[annex][key] = [{}]
            yield f"{annex}.{key} = [{{}}]", empty
            for column in value[0]:
                row = chosen.randrange(len(value))
                dropped = copy.deepcopy(data)
                dropped[annex][key][row].pop(column, None)
                yield f"{annex}.{key}.{row + 1}.{column} missing", dropped


def write(diagnosis: Diagnosis, names: dict[str, Any], line: str) -> Any:
    """Return what one cell prints of a case."""
    function, argument = line.removesuffix(")").split("(")
    room, _, name = function.partition(".")
    direction = [each.strip(' "') for each in argument.split(",")[1:]]
    return getattr(names[room], name)(diagnosis, *direction)


def broken_by(whole: Case, trials: int) -> list[str]:
    """Return what of a case, taken away, keeps its report from being written."""
    every = list(mutations(dict(whole.data), random.Random(7)))
    chosen = random.Random(7).sample(every, trials)
    names = rooms()
    broken = []
    for name, data in chosen:
        try:
            diagnosis = diagnose(Case(whole.folder, data, whole.definitions, whole.digest))
            for line in passages("report", "archive"):
                write(diagnosis, names, line)
        except Exception as exc:
            broken.append(f"{name}: {type(exc).__name__}: {exc}")
    return broken


def test_the_report_survives_whatever_is_missing() -> None:
    assert broken_by(open_case("demo-copper"), 260) == []


def test_the_records_of_an_engagement_may_miss_anything_too(tmp_path: Path) -> None:
    whole = report_case.corrected(report_case.build(tmp_path))
    assert broken_by(whole, 160) == []
