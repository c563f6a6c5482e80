"""Filing on line: the 24 values to key in, and whether what was keyed in is the same."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from dxkit.facts.calendar import day_of
from dxkit.facts.issued import view_as_issued
from dxkit.facts.results import all_result_words
from dxkit.facts.view import Culprits, Value, View

REMINDERS = (
    "filing_reminder_days",
    "filing_second_reminder_days",
    "filing_third_reminder_days",
    "filing_last_reminder_days",
)
SAME, DIFFERENT = "一致", "不一致"
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def filing_report_values(view: View) -> Value:
    """Return what the version in force reports, by indicator; before one, the present answers."""
    return all_result_words(view_as_issued(view))


def filing_same(view: View) -> Value:
    """Return 一致 or 不一致 for each indicator; an empty text while either side is missing."""
    filed, values = view.value("aux_9", "filed_value") or {}, filing_report_values(view)
    return {key: _compared(str(words), filed.get(key)) for key, words in _items(values)}


def filing_differences(view: View) -> Culprits:
    """Name the indicators filed otherwise than reported, or not filed; None before any is."""
    if not view.value("aux_9", "filed_value"):
        return None
    names = {each.id: f"指标{each.no} {each.name}" for each in view.definitions.indicators}
    return tuple(names[key] for key, words in _items(filing_same(view)) if words != SAME)


def days_to_period_end(view: View) -> int | None:
    """Return how many days are left of the implementation period; negative when it is over."""
    end = day_of(view.value("annex_4", "implementation_period_end"))
    return (end - view.today).days if end else None


def filing_proofs(view: View) -> int:
    """Count what proves the filing: the number the platform gave, and a picture on file."""
    shown = view.has_file(view.value("aux_9", "screenshot"))
    return bool(view.value("aux_9", "submit_no")) + shown


def filing_countdown(view: View) -> Culprits:
    """Say how long is left for the filing once a reminder is due, or since when it is overdue.

    Nothing is said once the filing has a day, nor while the end of the period is not known.
    """
    left = days_to_period_end(view)
    if left is None or view.value("aux_9", "filed_on"):
        return ()
    if left < 0:
        return (f"已逾期{-left}天",)
    reached = [days for key in REMINDERS if left <= (days := view.policy(key))]
    if not reached:
        return ()
    rest = f"还有{left}天" if left else "今天到期"
    return (f"{rest}（{min(reached):g}天提醒）",)


def _items(values: Value) -> list[tuple[str, object]]:
    return list(values.items()) if isinstance(values, dict) else []


def _compared(reported: str, filed: str | None) -> str:
    if not reported or not filed:
        return ""
    return SAME if _plain(reported) == _plain(filed) else DIFFERENT


def _plain(words: str) -> object:
    """Return a value as it is compared: 93.330% and ９３.33 are the same."""
    text = words.strip().translate(_WIDE).removesuffix("%").strip()
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text
