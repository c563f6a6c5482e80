"""What the group did on site: how much was seen and heard, and what was left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from dxkit.facts.calendar import day_of
from dxkit.facts.ledger import materials_reviewed
from dxkit.facts.meetings import held_on
from dxkit.facts.results import yes_by_interview_only
from dxkit.facts.view import Culprits, Row, View, named

MUST_SEE = {"equipment": "设备设施", "lines": "生产线", "software": "软件系统"}
MOMENTS = {
    "interviews": ("held_at", "interviewee", "访谈"),
    "site_walks": ("walked_at", "area", "现场巡视"),
    "demonstrations": ("shown_at", "system", "系统演示"),
    "data_collections": ("collected_at", "item", "数据采集"),
    "warehouse_checks": ("checked_at", "warehouse", "仓储物流查看"),
}


def records_of(block: str, view: View) -> list[Row]:
    """Return the filled rows of one block of the on-site record."""
    return view.begun_rows("annex_6", block)


def count_of(block: str, view: View) -> int:
    """Count the rows of one block of the on-site record."""
    return len(records_of(block, view))


def departments_interviewed(view: View) -> int:
    """Count the departments that somebody was interviewed in."""
    rows = records_of("interviews", view)
    return len({row["department"] for row in rows if row.get("department")})


def people_interviewed(view: View) -> int:
    """Count the people who were interviewed, each once however often."""
    rows = records_of("interviews", view)
    people = {(row["interviewee"], row.get("department")) for row in rows if row.get("interviewee")}
    return len(people)


def site_verification_gaps(view: View) -> Culprits:
    """Name what clause 4.4.4 asks to see on site and nobody recorded seeing."""
    walks = records_of("site_walks", view)
    seen = {subject for row in walks for subject in row.get("subjects") or []}
    seen |= {"software"} if records_of("demonstrations", view) else set()
    gaps = [label for code, label in MUST_SEE.items() if code not in seen]
    stored = "warehouse" in seen or records_of("warehouse_checks", view) or _no_store(view)
    return tuple(gaps if stored else [*gaps, "仓储物流"])


def fieldwork_coverage_gaps(view: View) -> Culprits:
    """Name where the work on site is thin: whom nobody asked, what nobody was shown."""
    rows = records_of("interviews", view)
    heads = {view.value("annex_3", key) for key in ("principal", "digital_leader")} - {None}
    gaps = (
        []
        if heads & {row.get("interviewee") for row in rows}
        else ["未访谈企业主要负责人或分管领导"]
    )
    count, least = departments_interviewed(view), view.policy("interview_departments_min")
    gaps += [f"只访谈了 {count} 个部门"] if count < least else []
    gaps += [f"系统未经演示，也无证据：{name}" for name in _systems_unseen(view)]
    gaps += [f"判为“是”而只有访谈：{name}" for name in yes_by_interview_only(view) or ()]
    return tuple(gaps)


def records_outside_meetings(view: View) -> Culprits:
    """Name the site records made before the first meeting or after the last one."""
    opening, closing = day_of(held_on("opening", view)), day_of(held_on("closing", view))
    if opening is None:
        return None
    early = [] if closing is None or opening <= closing else ["首次会议晚于末次会议"]
    outside = [
        f"{kind} {named(row, who)}（{row[when]}）"
        for block, (when, who, kind) in MOMENTS.items()
        for row in records_of(block, view)
        if _is_outside(day_of(row.get(when)), opening, closing)
    ]
    return (*early, *outside)


def due_diligence_gaps(view: View) -> Culprits:
    """Name what the chapter on due diligence would have nothing to say of."""
    needed: dict[str, Callable[[View], object]] = {
        "没有访谈记录": interviews_held,
        "没有审核过的材料": materials_reviewed,
        "没有现场巡视记录": areas_walked,
        "没有系统演示记录": systems_demonstrated,
        "未写明未能验证的事项（没有的写“无”）": lambda seen: seen.value("annex_2", "unverified"),
    }
    return tuple(words for words, count in needed.items() if not count(view))


def _no_store(view: View) -> bool:
    answer = view.case.record.get("levels.warehouse")
    return answer is not None and answer.not_applicable is not None


def _systems_unseen(view: View) -> list[str]:
    shown = {row.get("system") for row in records_of("demonstrations", view)}
    return [
        named(row, "name")
        for row in view.rows("annex_6", "software_list")
        if row.get("status") == "in_use"
        and not (row.get("demonstrated") or row.get("evidence") or row.get("name") in shown)
    ]


def _is_outside(day: date | None, opening: date, closing: date | None) -> bool:
    return day is not None and (day < opening or (closing is not None and day > closing))


interviews_held = partial(count_of, "interviews")
areas_walked = partial(count_of, "site_walks")
systems_demonstrated = partial(count_of, "demonstrations")
data_collected = partial(count_of, "data_collections")
