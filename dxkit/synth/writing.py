"""How drawn answers are written in a case file: values by type, records by what was told when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.assessment.columns import AnswerTable
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.models.annex import CHOOSING, Field, FieldType
from dxkit.synth.answers import reason_of
from dxkit.synth.cohort import Cohort
from dxkit.synth.traits import Traits

_CORRECTED = 0.2  # of the answers that differ: first noted as reported, then corrected

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Telling:
    """Everything that was drawn: who the enterprises are, what is true and what they report."""

    definitions: Definitions
    traits: Traits
    cohort: Cohort
    found: AnswerTable
    reported: AnswerTable

    def true_value(self, key: str, number: int) -> Any:
        """Return what one enterprise answers on site, None if it is not known."""
        return self._plain(self.found, key, number)

    def reported_value(self, key: str, number: int) -> Any:
        """Return what one enterprise reports itself, None if it does not."""
        return self._plain(self.reported, key, number)

    def exempt(self, key: str, number: int) -> bool:
        """Tell whether one enterprise marked the question not applicable."""
        return bool(self.found.column(key).not_applicable[number])

    def _plain(self, table: AnswerTable, key: str, number: int) -> Any:
        column = table.columns.get(key)
        if column is None or not column.known[number]:
            return None
        return plain(self.definitions.questions[key], column.values[number], self.traits, key)


def plain(field: Field, value: Any, traits: Traits, key: str) -> Any:
    """Return a column's entry as a case file holds it: codes, words, numbers."""
    if field.type in CHOOSING:
        return _codes(field, int(value))
    if field.type is FieldType.YES_NO:
        return bool(value)
    if field.type is FieldType.COUNT:
        return int(value)
    if field.type in (FieldType.TEXT, FieldType.LONG_TEXT):
        return traits.texts[key][int(value)]
    return float(value)


def write_record(telling: Telling, number: int, lists: Mapping[str, Rows]) -> dict[str, Any]:
    """Return one enterprise's record form (annex 6) with its lists, in printed order."""
    written: dict[str, Any] = {}
    for field in telling.definitions.annexes[QUESTIONS].fields:
        if field.type is FieldType.GRID:
            written.update(_write_grid(telling, field, number))
        elif field.key in lists:
            written[field.key] = lists[field.key]
        else:
            written[field.key] = _write_answer(telling, field.key, number)
    return {key: value for key, value in written.items() if value not in (None, {})}


def _write_grid(telling: Telling, grid: Field, number: int) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for column in grid.columns:
        cells = {
            row.code: _write_answer(telling, f"{column.key}.{row.code}", number)
            for row in grid.rows
        }
        columns[column.key] = {code: cell for code, cell in cells.items() if cell is not None}
    return columns


def _write_answer(telling: Telling, key: str, number: int) -> Any:
    """Return a bare value, a record with its parts, or None for no answer at all."""
    if telling.exempt(key, number):
        trade = telling.traits.trades[telling.cohort.trade[number]]
        return {"not_applicable": reason_of(key, trade.id, telling.traits)}
    true = telling.true_value(key, number)
    reported = telling.reported_value(key, number)
    if reported is None or true is None:
        return true if reported is None else {"self_reported": reported}
    if reported != true and _corrected(telling, key, number):
        reason = telling.traits.verified_reason
        return {
            "self_reported": reported,
            "onsite": reported,
            "verified": true,
            "diff_reason": reason,
        }
    return {"self_reported": reported, "onsite": true}


def _corrected(telling: Telling, key: str, number: int) -> bool:
    return telling.cohort.dice.of_one(f"{key}/corrected", number).random() < _CORRECTED


def _codes(field: Field, value: int) -> Any:
    codes = [choice.code for choice in field.choices]
    if field.type is FieldType.LADDER:
        return codes[value]
    chosen = [code for place, code in enumerate(codes) if value >> place & 1]
    return chosen[0] if field.type is FieldType.CHOICE else chosen
