"""Whether the seeds that judge a grid, the self-check's and the survey's, fit its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dxkit.definitions.files import SELF_CHECK, SURVEY, Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Field
from dxkit.models.seeds import Grade, SelfChecks, Survey

SELF_CHECK_RESULT = "result"
"""The grid column of the self-check that holds the results."""


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every row that is not judged or judged twice, and every judgement of no row."""
    for file, checks in files.of(SelfChecks).items():
        found = _grid_with(files, SELF_CHECK, SELF_CHECK_RESULT)
        if found is not None:
            yield from _cover(file, (row.item for row in checks.rows), found[0])
            yield from _asked(file, checks, found[1])
    for file, survey in files.of(Survey).items():
        yield from _survey(file, survey, _grid_with(files, SURVEY, survey.rating))
        yield from _grades(file, survey.grades)


def _grid_with(files: Files, annex_id: str, column: str) -> tuple[list[str], Field | None] | None:
    """Return a grid's row codes and the column; no column where no grid has it."""
    annex = files.annex(annex_id)
    if annex is None:
        return None
    for grid in annex.fields:
        for each in grid.columns if grid.rows else ():
            if each.key == column:
                return [row.code for row in grid.rows], each
    return [], None


def _asked(file: str, checks: SelfChecks, result: Field | None) -> Iterator[Problem]:
    """Yield the items that people are asked although the system judges them, or not asked."""
    if result is None:
        return
    for row in checks.rows:
        if (row.mode == "manual") != result.is_asked_of(row.item):
            expected = (
                f"与 {SELF_CHECK_RESULT} 列的 asked_of 一致：列出的为 manual，其余为 automatic"
            )
            yield Problem(file, f"rows.{row.item}.mode", row.mode, expected)


def _survey(
    file: str, survey: Survey, found: tuple[list[str], Field | None] | None
) -> Iterator[Problem]:
    if found is None:
        return
    rows, column = found
    if column is None:
        yield Problem(file, "rating", survey.rating, "满意度调查表评分的列")
        return
    scored = [item for each in survey.rows for item in each.items]
    yield from _cover(file, [*scored, survey.overall], rows)
    yield from repeated(file, "rows.dimension", (each.dimension for each in survey.rows))
    codes = [choice.code for choice in column.choices]
    if survey.not_rated not in codes:
        yield Problem(file, "not_rated", survey.not_rated, "、".join(codes) + " 之一")
    if words := [code for code in codes if code != survey.not_rated and not code.isdigit()]:
        yield Problem(file, "rating", "、".join(words), "除不评分的选项外，代码都是数字")


def _cover(file: str, items: Iterable[str], rows: list[str]) -> Iterator[Problem]:
    """Yield each row that is not among the items just once, and each item that is no row."""
    named = list(items)
    yield from repeated(file, "rows.items", named)
    for item in named:
        if item not in rows:
            yield Problem(file, "rows.items", item, "、".join(rows) + " 之一")
    for row in rows:
        if row not in named:
            yield Problem(file, "rows.items", f"没有 {row}", "表中的每一行")


def _grades(file: str, grades: tuple[Grade, ...]) -> Iterator[Problem]:
    yield from repeated(file, "grades.grade", (each.grade for each in grades))
    bounds = [each.from_ for each in grades]
    if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
        found = "、".join(f"{each:g}" for each in bounds)
        yield Problem(file, "grades.from", found, "由高到低，最后一级从 0 起")
