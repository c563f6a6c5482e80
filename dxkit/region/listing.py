"""The 24 results of every enterprise, a row each, as the bureau takes them."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.assessment.logic import KNOWN, NOT_APPLICABLE
from dxkit.cohort.groups import groups_of
from dxkit.cohort.table import NOT_TOLD, Column, Table
from dxkit.definitions import Definitions
from dxkit.models.regional import Dimension
from dxkit.percentages import percent
from dxkit.region.view import Region
from dxkit.spreadsheets import Cell

UNKNOWN_WORDS, NOT_APPLICABLE_WORDS = "未知", "不适用"
_TRUTH = {1: "是", 0: "否", NOT_TOLD: "未填"}
_HEADS = ("标识", "统一社会信用代码", "企业名称", "年度")


def heads_of(definitions: Definitions) -> list[str]:
    """Return the heads of the table: who, where it belongs, then the 24 by number and name."""
    belonging = [
        name
        for each in definitions.regional.dimensions
        for name in ([mark.name for mark in each.marks] or [each.name])
        if each.by != "year"
    ]
    indicators = [
        f"{each.no} {each.name}{'（%）' if each.kind == 'ratio' else ''}"
        for each in definitions.indicators
    ]
    return [*_HEADS, *belonging, "是否读出", "是否已评估", *indicators]


def rows_of(region: Region) -> Iterator[list[Cell]]:
    """Yield a row per enterprise: a percentage, 是 or 否, 未知, or 不适用 for each indicator."""
    table, definitions = region.table, region.definitions
    belonging = [
        words
        for each in definitions.regional.dimensions
        if each.by != "year"
        for words in _belonging(each, table, definitions)
    ]
    results = [_words(table.columns[each.id]) for each in definitions.indicators]
    for place in range(table.size):
        yield [
            table.ids[place],
            table.keys[place],
            table.names[place],
            int(table.year[place]) or None,
            *(words[place] for words in belonging),
            _TRUTH[int(table.read[place])],
            _TRUTH[int(table.assessed[place])],
            *(words[place] for words in results),
        ]


def _belonging(each: Dimension, table: Table, definitions: Definitions) -> Iterator[list[str]]:
    if each.marks:
        for mark in each.marks:
            yield [_TRUTH[int(told)] for told in table.marks[mark.code]]
        return
    names = [group.name for group in groups_of(each, definitions)]
    places = table.places[each.id]
    yield [names[at] if at != NOT_TOLD else definitions.regional.unplaced for at in places]


def _words(column: Column) -> list[Cell]:
    return [
        _value(column, place) if state == KNOWN else _STATES[int(state)]
        for place, state in enumerate(column.state)
    ]


_STATES = {NOT_APPLICABLE: NOT_APPLICABLE_WORDS, 1: UNKNOWN_WORDS}


def _value(column: Column, place: int) -> Cell:
    if column.is_ratio:
        return float(percent(float(column.low[place])).removesuffix("%"))
    return _TRUTH[int(column.low[place])]
