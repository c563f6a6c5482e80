"""What the enterprise's self-assessment report states of each indicator, read from its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dxkit.assessment.explanation import IndicatorResult
from dxkit.case import Case
from dxkit.models.indicator import Indicator

STATED = "stated_value"
_REPORT = "annex_2"
_REASON = "照录自评估报告"
_TRUTHS = {"是": True, "已实现": True, "否": False, "未实现": False}
_NOT_APPLICABLE = "不适用"
_EXPECTED = {"ratio": "百分数，如93.33%，或“不适用”", "yes_no": "“是”“否”或“不适用”"}
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")


def stated_values(case: Case) -> Mapping[str, Any]:
    """Return the words copied from the self-assessment report by indicator id."""
    return case.annex(_REPORT).get(STATED) or {}


def as_stated(case: Case, own: Sequence[IndicatorResult]) -> tuple[IndicatorResult, ...]:
    """Return every indicator as the self-assessment report states it, else as answered.

    Args:
        case: whose report.
        own: what the enterprise's own answers give, in the order of table 1.
    """
    words = stated_values(case)
    return tuple(_stated(each, str(words.get(each.indicator.id) or "")) for each in own)


def is_stated(result: IndicatorResult) -> bool:
    """Tell whether a result was copied from the report rather than worked out from answers."""
    return result.reason == _REASON


def unreadable_statements(case: Case) -> Iterator[str]:
    """Yield each copied value that is no value of its indicator, with what would be right."""
    words = stated_values(case)
    for each in case.definitions.indicators:
        told = str(words.get(each.id) or "")
        if told and _read(each, told) is None:
            yield f"指标{each.no} {each.name}：“{told}”读不懂，应为{_EXPECTED[each.kind]}"


def _stated(own: IndicatorResult, words: str) -> IndicatorResult:
    found = _read(own.indicator, words) if words else None
    if found is None:
        return own
    applies = found != _NOT_APPLICABLE
    bound = float(found) if applies else None
    return replace(
        own,
        state="known" if applies else "not_applicable",
        value=found if applies else None,
        low=bound,
        high=bound,
        reason=_REASON,
        condition=None,
        numbers=(),
        context=None,
    )


def _read(indicator: Indicator, words: str) -> Any:
    """Return a share of 1, a truth or 不适用; None if the words are no value of the indicator."""
    text = words.strip().translate(_WIDE)
    if text == _NOT_APPLICABLE:
        return text
    if indicator.kind == "yes_no":
        return _TRUTHS.get(text)
    number = text.removesuffix("%").strip()
    plain = number.replace(".", "", 1).isdecimal()
    return float(number) / 100 if plain and float(number) <= 100 else None
