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
from dxkit.charts import look
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.notebook import read

pytestmark = pytest.mark.slow

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff"
    "3f0005fe02fe0def46b80000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose every chart but do not paint it: what is missing shows before the painting."""
    monkeypatch.setattr(look, "figure", lambda _picture: None)
    monkeypatch.setattr(look, "to_png", lambda _figure: PIXEL)


def passages() -> list[str]:
    """Return the one-line cells of the report notebook that print something."""
    cells = read(paths.notebooks() / "report.ipynb").cells
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


def write(diagnosis: Diagnosis, names: dict[str, Any]) -> None:
    for line in passages():
        function, argument = line.removesuffix(")").split("(")
        room, _, name = function.partition(".")
        direction = [each.strip(' "') for each in argument.split(",")[1:]]
        getattr(names[room], name)(diagnosis, *direction)


def test_the_report_survives_whatever_is_missing() -> None:
    whole = open_case("demo-copper")
    every = list(mutations(dict(whole.data), random.Random(7)))
    chosen = random.Random(7).sample(every, 260)
    names = rooms()
    broken = []
    for name, data in chosen:
        try:
            write(diagnose(Case(whole.folder, data, whole.definitions, whole.digest)), names)
        except Exception as exc:
            broken.append(f"{name}: {type(exc).__name__}: {exc}")
    assert broken == []
