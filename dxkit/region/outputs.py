"""Which files are made of a region: the 24 of each enterprise, figures, changes, comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dxkit.cohort import Gathered
from dxkit.region import figures, listing
from dxkit.region.verifying import SEALED, seal_of
from dxkit.region.view import Region
from dxkit.region.workbook import workbook
from dxkit.region.writing import Output
from dxkit.spreadsheets import Cell, csv_of

ENTERPRISES, FIGURES, CHANGES = "enterprises.csv", "figures.csv", "changes.csv"
BESIDE, PROBLEMS = "benchmarks.csv", "problems.csv"
WORKBOOK = "region.xlsx"
CACHE = "cohort.parquet"
_PROBLEM_HEADS = ("标识", "情形", "说明")


def outputs_of(region: Region) -> dict[str, Output]:
    """Return every file by its name."""
    definitions = region.definitions
    book = workbook(region)
    made = {
        ENTERPRISES: _output(
            "各企业24项指标", listing.heads_of(definitions), listing.rows_of(region)
        ),
        FIGURES: _output("各组各指标汇总", figures.FIGURE_HEADS, figures.figure_rows(region)),
        BESIDE: _output("全区与公开数值对照", figures.BESIDE_HEADS, figures.beside_rows(region)),
        WORKBOOK: Output(f"全部汇总表，{SEALED}{seal_of(book)}", region.table.size, book),
        PROBLEMS: _output("读不出和重复的案卷", _PROBLEM_HEADS, problem_rows(region)),
    }
    if region.before is not None:
        heads = figures.change_heads(definitions)
        about = f"{region.year}年与{region.year_before}年相比的变化及原因"
        made[CHANGES] = _output(about, heads, figures.change_rows(region))
    return made


def problem_rows(region: Region) -> list[list[Cell]]:
    """Return a row for every problem of a case that could not be read, or is one too many."""
    rows = list(_problems(region.gathered, "", "计入企业数，各项未知"))
    if region.last is not None:
        rows += _problems(region.last, "上一年度：", "各项未知")
    return rows


def _problems(gathered: Gathered, when: str, counted: str) -> Iterator[list[Cell]]:
    if gathered.undated:
        counted = "年度不明，没有计入"
    for each in gathered.unread:
        for problem in each.problems:
            yield [each.id, f"{when}读不出，{counted}", problem]
    for one in gathered.repeated:
        told = f"与 {one.of} 同一信用代码（{one.key}）、同一年度"
        yield [one.id, f"{when}重复，没有计入", told]


def _output(about: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Output:
    held = list(rows)
    return Output(about, len(held), csv_of(heads, held))
