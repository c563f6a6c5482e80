"""The briefing of the enterprise's principal: whether held, heard by the right person, in time."""

from __future__ import annotations

from dxkit.facts.calendar import day_of, days_of
from dxkit.facts.view import Culprits, Row, View, named, same_name

MUST_TELL = ("due_diligence", "report_explained")


def first_briefing_on(view: View) -> str | None:
    """Return the day of the first briefing."""
    days = days_of(row.get("held_on") for row in _briefings(view))
    return days[0].isoformat() if days else None


def briefings_held(view: View) -> int:
    """Count the briefings that took place and say who gave them."""
    return sum(
        bool(row.get("presenter")) and view.is_over(row.get("held_on")) for row in _briefings(view)
    )


def review_draft_on(view: View) -> str | None:
    """Return the day of the draft for comments; without one the day the report was final."""
    report = view.annex("annex_2")
    return report.get("comment_from") or report.get("issued_on")


def principal_missed_briefing(view: View) -> Culprits:
    """Name the briefings, if the principal heard and signed none of them; None without any."""
    held = _briefings(view)
    if any(_heard(view, row) for row in held):
        return ()
    return tuple(f"{_name(row)}：{_why_unheard(view, row)}" for row in held) or None


def briefing_faults(view: View) -> Culprits:
    """Name what the briefings lack in contents or in time, if none is right; None without any.

    Where the principal heard some of them, only those can be right.
    """
    held = _briefings(view)
    judged = [row for row in held if _heard(view, row)] or held
    faults = [_faults(view, row) for row in judged]
    if not faults:
        return None
    return () if [] in faults else tuple(fault for each in faults for fault in each)


def _briefings(view: View) -> list[Row]:
    return view.completed_rows("aux_6", "briefings")


def _heard(view: View, row: Row) -> bool:
    return not _why_unheard(view, row)


def _why_unheard(view: View, row: Row) -> str:
    there, principal = row.get("principal_name"), view.value("annex_3", "principal")
    if not there:
        return "未写明到会的主要负责人"
    if principal and not same_name(there, principal):
        return f"到会的是{there}，不是主要负责人{principal}"
    signed = row.get("principal_signed") or row.get("principal_sign")
    return "" if signed else "主要负责人未签字"


def _faults(view: View, row: Row) -> list[str]:
    contents = view.field("aux_6", "briefings", "contents")
    told = row.get("contents") or []
    faults = [f"未汇报{contents.label_of(code)}" for code in MUST_TELL if code not in told]
    held, draft = day_of(row.get("held_on")), day_of(review_draft_on(view))
    if held is not None and held > view.today:
        faults.append(f"汇报日期（{held.isoformat()}）还没有到")
    if draft is None:
        faults.append("报告征求意见日期尚未填写")
    elif held is None or held < draft:
        faults.append(f"汇报早于报告征求意见日期（{draft.isoformat()}）" if held else "未写明日期")
    return [f"{_name(row)}：{fault}" for fault in faults]


def _name(row: Row) -> str:
    return named(row, "briefing_no", "held_on")
