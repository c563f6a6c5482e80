"""The plan: whether it stays inside its period, keeps its order and foresees what must be."""

from __future__ import annotations

import re
from functools import partial

from dxkit.facts.calendar import day_of, days_of, minutes_of
from dxkit.facts.view import Culprits, Row, View, named, rounded_down

PERIOD = ("implementation_period_start", "implementation_period_end")
_CLAUSE = re.compile(r"(?<![\d.])\d+(?:\.\d+)+(?:\(\d+\))?")
_NARROW = str.maketrans("（）", "()")
STAGES = ("preparation", "implementation", "summary")


def tasks_outside_period(view: View) -> Culprits:
    """Name the tasks and the visit planned outside the implementation period."""
    start, end = (day_of(view.value("annex_4", key)) for key in PERIOD)
    if start is None or end is None:
        return None
    planned = [(named(row, "seq", "task"), row, ("start", "end")) for row in _tasks(view)]
    planned.append(("计划现场时间", view.annex("annex_4"), ("plan_onsite_from", "plan_onsite_to")))
    return tuple(
        name
        for name, row, keys in planned
        if any(not start <= day <= end for day in days_of(row.get(key) for key in keys))
    )


def stages_out_of_order(view: View) -> Culprits:
    """Name the stages that begin before the one they follow."""
    begins = [days_of(row.get("start") for row in _tasks(view, stage)) for stage in STAGES]
    label_of = view.field("annex_4", "tasks", "stage").label_of
    pairs = zip(STAGES[1:], begins, begins[1:], strict=False)
    return tuple(
        f"{label_of(stage)}阶段早于前一阶段开始"
        for stage, one, next_ in pairs
        if one and next_ and next_[0] < one[0]
    )


def planned(clauses: tuple[str, ...], words: re.Pattern[str], view: View) -> int:
    """Count the tasks of the plan that stand under one of some clauses or speak of a subject."""
    return sum(
        bool(_clauses_of(row) & set(clauses)) or bool(words.search(str(row.get("task") or "")))
        for row in _tasks(view)
    )


def stages_without_task(view: View) -> Culprits:
    """Name the stages for which nothing is planned that was not cancelled."""
    label_of = view.field("annex_4", "tasks", "stage").label_of
    planned_in = {row.get("stage") for row in _tasks(view) if row.get("task")}
    return tuple(label_of(stage) for stage in STAGES if stage not in planned_in)


def planned_onsite_days(view: View) -> float | None:
    """Return the days on site that the planned hours make, rounded down to hundredths."""
    hours = view.value("annex_4", "plan_onsite_hours")
    return None if hours is None else rounded_down(hours / view.policy("hours_per_day"))


def agenda_hours(view: View) -> float | None:
    """Return how many hours the agenda of the visit adds up to; None while it tells none."""
    spans = [
        (minutes_of(row.get("start_at")), minutes_of(row.get("end_at")))
        for row in view.begun_rows("annex_4", "agenda")
    ]
    whole = [end - start for start, end in spans if start is not None and end is not None]
    return round(sum(whole) / 60, 2) if whole else None


def _tasks(view: View, stage: str | None = None) -> list[Row]:
    rows = view.begun_rows("annex_4", "tasks")
    kept = (row for row in rows if row.get("status") != "cancelled")
    return [row for row in kept if stage is None or row.get("stage") == stage]


def _clauses_of(row: Row) -> set[str]:
    """Return the clauses of the guide that a task names, in its own column or in its name."""
    told = f"{row.get('clause') or ''} {row.get('task') or ''}"
    return set(_CLAUSE.findall(told.translate(_NARROW)))


# A report to the bureau (5.1) is no briefing, a lesson in secrecy no training of the enterprise.
planned_trainings = partial(
    planned,
    ("5.3", "4.4.1(2)"),
    re.compile("(?=.*培训)(?=.*(?:数字化|宣贯|转型))"),
)
planned_briefings = partial(planned, ("5.4",), re.compile("(?=.*汇报)(?=.*主要负责人)"))
