"""Invented enterprises for trials: whole cases on disk, or columns of as many as wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dxkit import case
from dxkit.assessment import AnswerTable
from dxkit.cohort import Table
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.errors import ParameterError, Problem
from dxkit.synth.answers import as_found, as_reported, draw_answers
from dxkit.synth.application import APPLICATION, write_application
from dxkit.synth.cohort import draw_cohort
from dxkit.synth.dice import Dice
from dxkit.synth.lists import write_lists
from dxkit.synth.region import table_of_region
from dxkit.synth.traits import read_traits
from dxkit.synth.writing import Telling, write_record

__all__ = ["answer_table", "region_table", "synthesise"]

CREATED_ON = "2026-11-01"
NOTE = "随机生成的虚构企业，不对应任何真实企业，数据没有统计意义。"
WHO = "随机生成"

Progress = Callable[[int, int], object]


def synthesise(
    count: int,
    seed: int,
    out: Path,
    definitions: Definitions,
    progress: Progress | None = None,
) -> list[Path]:
    """Write invented cases into a folder and return their folders.

    The same seed gives the same case files, byte by byte, and the first of many are those of few.

    Args:
        count: how many enterprises, at least 1.
        seed: names the random sequence, at least 0.
        out: the folder that the case folders `synth-000001` and so on are put into.
        definitions: the forms that are filled; every question is drawn by its type.
        progress: called after each case with how many are done and how many there are.

    Raises:
        ParameterError: if count or seed is too small.
        CaseError: if a case folder of that name exists.
    """
    telling = _tell(_dice(count, seed), definitions)
    folders = []
    for number in range(count):
        folder = out / f"synth-{number + 1:06d}"
        case.create(folder, _content(telling, number), definitions, WHO)
        folders.append(folder)
        if progress is not None:
            progress(number + 1, count)
    return folders


def answer_table(count: int, seed: int, definitions: Definitions) -> AnswerTable:
    """Draw the answers that indicators read, as columns of `count` rows for trials of the engine.

    Raises:
        ParameterError: if count or seed is too small.
    """
    traits = read_traits()
    cohort = draw_cohort(_dice(count, seed), definitions, traits)
    keys = [key for indicator in definitions.indicators for key in indicator.questions]
    return draw_answers(cohort, as_found(cohort), definitions, traits, keys)


def region_table(count: int, seed: int, definitions: Definitions) -> Table:
    """Return the table that the cases of `synthesise` would give, without writing them.

    Raises:
        ParameterError: if count or seed is too small.
    """
    cohort = draw_cohort(_dice(count, seed), definitions, read_traits())
    return table_of_region(cohort, answer_table(count, seed, definitions), definitions)


def _dice(count: int, seed: int) -> Dice:
    if count < 1:
        raise ParameterError(Problem("count", "", str(count), "不小于 1 的整数"))
    if seed < 0:
        raise ParameterError(Problem("seed", "", str(seed), "不小于 0 的整数"))
    return Dice(seed, count)


def _tell(dice: Dice, definitions: Definitions) -> Telling:
    traits = read_traits()
    cohort = draw_cohort(dice, definitions, traits)
    keys = list(definitions.questions)
    found = draw_answers(cohort, as_found(cohort), definitions, traits, keys)
    reported = draw_answers(cohort, as_reported(cohort), definitions, traits, keys)
    return Telling(definitions, traits, cohort, found, reported)


def _content(telling: Telling, number: int) -> dict[str, object]:
    return {
        "created_on": CREATED_ON,
        "demo": True,
        "note": NOTE,
        APPLICATION: write_application(telling, number),
        QUESTIONS: write_record(telling, number, write_lists(telling, number)),
    }
