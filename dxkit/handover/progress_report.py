"""The progress report (辅-7) of a working group or league: one form over all its cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dxkit.case import Case
from dxkit.case.group import Group
from dxkit.case.words import chinese_date
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, Problem
from dxkit.facts.calendar import day_of as day
from dxkit.forms.returned import Stamp
from dxkit.forms.sending import Printed, form_bytes
from dxkit.lifecycle.history import rows_of
from dxkit.lifecycle.standing import Standing
from dxkit.lifecycle.surveying import CaseRow, look, row_of

FORM = "aux_7"
MILESTONES = {"T14": "已汇报", "T16": "已报送", "T17": "已填报"}
NONE = "无"
_LONGEST_NAME, _LONGEST_PLACE, _LONGEST_TEXT = 40, 80, 1900


@dataclass(frozen=True)
class Chosen:
    """Which cases a report is of; all where nothing is said."""

    group: str | None = None
    league: str | None = None

    def takes(self, row: CaseRow) -> bool:
        """Tell whether a case belongs to the report."""
        of_group = self.group in (None, row.group)
        return of_group and self.league in (None, row.league_code, row.league)


@dataclass(frozen=True)
class Report:
    """A report as a file's content, how many cases it is of, and those nobody could read."""

    content: bytes
    cases: int
    unread: tuple[CaseRow, ...]


def progress_report(
    parent: Path, chosen: Chosen, today: date, definitions: Definitions, kind: Printed
) -> Report:
    """Return the report of some cases of a folder on a day; what people add to it is left blank.

    Raises:
        CaseError: if no readable case of the folder is of that group and league.
    """
    found = list(look(parent, today, definitions))
    unread = tuple(each for each in found if isinstance(each, CaseRow))
    stands = [s for s in found if isinstance(s, Standing) and chosen.takes(row_of(s))]
    if not stands:
        wanted = " ".join(filter(None, (chosen.league, chosen.group))) or "任何企业"
        raise CaseError(
            Problem(str(parent), "", f"没有属于 {wanted} 的案卷", "有案卷的工作组和盟市")
        )
    group = _filled(parent, stands, unread, today, definitions)
    annex = definitions.annexes[FORM]
    stamp = Stamp("", FORM, "", 0, "", annex.edition, blank=False)
    return Report(form_bytes(annex, definitions, group, stamp, kind), len(stands), unread)


def _filled(
    parent: Path,
    stands: Sequence[Standing],
    unread: Sequence[CaseRow],
    today: date,
    definitions: Definitions,
) -> Group:
    cases = tuple(each.case for each in stands)
    since = min(filter(None, (_since(cases), today)))
    rows = [_line(each, since) for each in stands]
    rows += [{"enterprise": each.id, "place": each.place} for each in unread]
    data: dict[str, Any] = {
        FORM: {"progress_reports": [_head(stands, unread, since, today)], "cases": rows},
        "annex_3": {"enterprise_name": f"{len(cases)} 家企业，见“各企业进度”"},
        "annex_4": _common(cases, "annex_4", ("service_org_name", "service_org_phone")),
    }
    return Group(parent, data, definitions, "", of=cases)


def _head(
    stands: Sequence[Standing], unread: Sequence[CaseRow], since: date, today: date
) -> dict[str, Any]:
    late = [each for each in stands if each.overdue]
    duties = sum(len(each.overdue) for each in late)
    unreadable = f"；另有 {len(unread)} 个案卷读不出" if unread else ""
    told = {
        "group_no": "、".join(dict.fromkeys(row_of(s).group for s in stands))[:_LONGEST_NAME],
        "period_from": since.isoformat(),
        "period_to": today.isoformat(),
        "made_on": today.isoformat(),
        "sent_to": _same(
            r.get("sent_to")
            for s in stands
            for r in s.case.annex(FORM).get("progress_reports") or []
        ),
        "stage_summary": f"共 {len(stands)} 户，各状态户数见下表{unreadable}。",
        "done": "各企业本期完成的步骤见“各企业进度”。",
        "late": f"{len(late)} 户共 {duties} 项逾期，见“各企业进度”；原因：" if late else NONE,
    }
    return {key: value for key, value in told.items() if value is not None}


def _line(stands: Standing, since: date) -> dict[str, str]:
    passed = {transition.id for transition, _ in stands.passed}
    reached = [words for step, words in MILESTONES.items() if step in passed]
    told = {
        "enterprise": stands.case.name[:_LONGEST_PLACE],
        "place": "，".join([stands.place, *reached])[:_LONGEST_PLACE],
        "done": _listed(_done(stands.case, since)),
        "overdue": _listed(due.words for due in stands.overdue),
        "next_step": stands.next.transition.title if stands.next else "",
    }
    return {key: value for key, value in told.items() if value}


def _done(case: Case, since: date) -> Iterator[str]:
    """Yield the steps taken since the last report, each with its day."""
    for row in rows_of(case, "history"):
        on = day(str(row.get("at") or "")[:10])
        step = case.definitions.transitions.get(str(row.get("transition")))
        if step is not None and on is not None and on >= since:
            yield f"{chinese_date(on.isoformat())}{step.title}"


def _listed(texts: Iterator[str]) -> str:
    return "\n".join(texts)[:_LONGEST_TEXT] or NONE


def _since(cases: Sequence[Case]) -> date | None:
    """Return the day after the last period that was reported, else the first day of any case."""
    reported = [
        told
        for case in cases
        for row in case.annex(FORM).get("progress_reports") or []
        if (told := day(row.get("period_to")))
    ]
    if reported:
        return max(reported) + timedelta(days=1)
    began = (day(str(r.get("at") or "")[:10]) for case in cases for r in rows_of(case, "history"))
    return min(filter(None, began), default=None)


def _common(cases: Sequence[Case], annex: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return what all cases say alike."""
    told = {key: _same(case.annex(annex).get(key) for case in cases) for key in keys}
    return {key: value for key, value in told.items() if value is not None}


def _same(values: Iterator[Any]) -> Any:
    different = set(filter(None, values))
    return different.pop() if len(different) == 1 else None
