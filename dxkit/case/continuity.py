"""Whether a case's journal is whole: every line, their chain, and as long as the case says."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.case import journal
from dxkit.case.answers import column_fields
from dxkit.case.folder import Case
from dxkit.errors import Problem

POSITION = "journal_n"
"""The column in which rows say up to which entry of the journal the content went."""


def journal_problems(case: Case) -> list[Problem]:
    """Return where a case's journal is damaged, and that its end is cut off.

    A journal that was lost as a whole is begun anew when the case is opened: then it is shorter
    than the case says.
    """
    return [*_damaged(case), *cut_off(case)]


def _damaged(case: Case) -> Iterator[Problem]:
    """Yield the first line that is damaged, with how many after it do not fit any more."""
    problems = list(journal.verify(case.folder))
    if problems:
        first, others = problems[0], len(problems) - 1
        more = f"（其后还有 {others} 行与之不符）" if others else ""
        found = f"流水{first.key}{first.found}{more}"
        yield Problem(f"{case.id}/{journal.NAME}", "", found, first.expected)


def cut_off(case: Case) -> Iterator[Problem]:
    """Yield the last entry of the journal that the case tells of, if it is no longer there."""
    there = len(journal.read(case.folder))
    told = max(_positions(case), default=0)
    if told > there:
        found = f"案卷中提到流水第 {told} 条，流水现只有 {there} 条"
        yield Problem(f"{case.id}/{journal.NAME}", "", found, "没有删减的流水")


def _positions(case: Case) -> Iterator[int]:
    """Yield the numbers of journal entries that rows of any table give."""
    for annex in case.definitions.annexes.values():
        for table in annex.fields:
            if POSITION in column_fields(table):
                rows = case.annex(annex.id).get(table.key) or []
                yield from (row[POSITION] for row in rows if isinstance(row.get(POSITION), int))
