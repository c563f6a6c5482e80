"""What is due when, counted in working days, and what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dxkit.case.words import chinese_date
from dxkit.lifecycle import working_days
from dxkit.lifecycle.judging import holds
from dxkit.lifecycle.terms import Circumstances, as_day, plain, value_of
from dxkit.models.lifecycle import Duty


@dataclass(frozen=True)
class Due:
    """Something that is still to be done, and by which day."""

    duty: Duty
    on: date
    days_left: int
    """Calendar days from today; negative when overdue."""
    meant: str = ""
    """What it is about, where there may be several things of the kind."""

    @property
    def overdue(self) -> bool:
        """Tell whether the day has gone by."""
        return self.days_left < 0

    @property
    def words(self) -> str:
        """Say the duty and its day in one line."""
        day = chinese_date(self.on.isoformat())
        unsure = working_days.caution(self.on) if self.duty.working_days is not None else ""
        note = f"（{unsure}）" if unsure else ""
        says = f"{self.duty.says}（{self.meant}）" if self.meant else self.duty.says
        return f"{says}：{day}前{note}，{self._left}"

    @property
    def _left(self) -> str:
        if self.overdue:
            return f"已逾期{-self.days_left}天"
        return f"还有{self.days_left}天" if self.days_left else "今天到期"


def dues(seen: Circumstances) -> list[Due]:
    """Return everything that is still due on a case, the earliest day first."""
    known = seen.case.definitions.lifecycle.duties
    found = [due for duty in known if (due := _due(duty, seen)) is not None]
    return sorted(found, key=lambda due: due.on)


def _due(duty: Duty, seen: Circumstances) -> Due | None:
    days = (as_day(value_of(term, seen)) for term in duty.counted_from)
    known = [day for day in days if day is not None]
    if not known or (duty.applies_if is not None and not holds(duty.applies_if, seen)):
        return None
    if duty.done_if is not None and holds(duty.done_if, seen):
        return None
    on = _day(duty, max(known) if duty.latest else known[0], seen)
    if on is None:
        return None
    meant = value_of(duty.naming, seen) if duty.naming is not None else None
    return Due(duty, on, (on - seen.today).days, plain(meant) if meant else "")


def _day(duty: Duty, from_: date, seen: Circumstances) -> date | None:
    term = duty.days if duty.working_days is None else duty.working_days
    count = None if term is None else value_of(term, seen)
    if isinstance(count, bool) or not isinstance(count, (int, float)):
        return None
    if duty.working_days is None:
        return from_ + timedelta(days=int(count)) * (1 if duty.direction == "after" else -1)
    count_off = working_days.after if duty.direction == "after" else working_days.before
    return count_off(from_, int(count))
