"""The 24 values as they are keyed into the online system, as CSV for any office program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from dxkit.assessment.explanation import IndicatorResult
from dxkit.case import Case
from dxkit.diagnosis import diagnose
from dxkit.facts import fact
from dxkit.facts.issued import as_issued
from dxkit.spreadsheets import harmless

VALUES = "filing_report_values"
HEADS = ("序号", "代码", "指标", "填报值", "数值", "分子", "分母", "状态", "理由")
_STATES = {"known": "已知", "unknown": "未知", "not_applicable": "不适用"}


def filing_table(case: Case) -> bytes:
    """Return the values as CSV in UTF-8 with a byte-order mark, one line an indicator.

    `数值` is the percentage without its sign for a ratio, 1 or 0 for yes or no, blank where the
    indicator has no value. Once a report was issued they are those of the version in force. What
    is not known yet has no `填报值`, so that nobody files it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADS)
    writer.writerows(_lines(case))
    return text.getvalue().encode("utf-8-sig")


def _lines(case: Case) -> Iterator[list[str]]:
    values = fact(case, VALUES)
    for result in diagnose(as_issued(case)).results:
        part, whole = [words for _, words in result.numbers] or ["", ""]
        yield [
            str(result.indicator.no),
            *map(harmless, (result.indicator.code, result.indicator.name)),
            values[result.indicator.id],
            _number(result),
            *map(harmless, (part, whole, _STATES[result.state], result.reason)),
        ]


def _number(result: IndicatorResult) -> str:
    if result.value is None or result.state != "known":
        return ""
    if isinstance(result.value, bool):
        return str(int(result.value))
    return result.words.removesuffix("%")
