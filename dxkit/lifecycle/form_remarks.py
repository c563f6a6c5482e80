"""What is to be said of a form as it stands: what it lacks, and what in it does not agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dxkit.facts.gaps import further_gaps_in, gaps_in
from dxkit.facts.view import View
from dxkit.lifecycle.form_checks import doubts_about
from dxkit.lifecycle.terms import Circumstances

MOST_NAMED = 8


@dataclass(frozen=True)
class Remark:
    """One thing to be said of a form, which is named by its mark."""

    mark: str
    words: str


def remarks_on(form: str, seen: Circumstances, most: int = MOST_NAMED) -> list[Remark]:
    """Return what is to be said of a form; nothing while it is not begun."""
    annex = seen.case.definitions.annexes[form]
    words = [*_gaps(form, seen, most), *(each.words for each in doubts_about(annex, seen))]
    return [Remark(annex.mark, each) for each in words]


def _gaps(form: str, seen: Circumstances, most: int) -> Iterator[str]:
    """Yield one line of what is always asked for and missing, one of what is asked for here."""
    view = View(seen.case, seen.today)
    for asked, find in (("必填而未填", gaps_in), ("视情况须填而未填", further_gaps_in)):
        if gaps := find(form, view):
            yield f"{asked}：{_listed(gaps, most)}"


def _listed(gaps: Sequence[str], most: int) -> str:
    more = f"等{len(gaps)}项" if len(gaps) > most else ""
    return f"{'、'.join(gaps[:most])}{more}"
