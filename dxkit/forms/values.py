"""Which words a field of a form shows: its own value, another form's, or a computed one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import is_record, read_answer, tallied
from dxkit.case.words import chinese_date
from dxkit.definitions import Definitions
from dxkit.facts import defined, fact
from dxkit.forms.written.printed import TRUTH, printed
from dxkit.models.annex import Annex, Field, FieldType

NOTHING = "无"
_BRIEF = 20
_MONEY = "万元"
RowName = str | int | None
RowValues = Mapping[str, Any]
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def answers_of(case: Case, annex: Annex) -> Mapping[str, Any]:
    """Return the answers of one annex wherever they are kept; empty if not begun."""
    store = case.restricted if annex.restricted else case
    return store.annex(annex.id) if store is not None else {}


def shown_value(
    case: Case,
    annex: Annex,
    field: Field,
    value: Any = None,
    row: RowName = None,
    beside: RowValues | None = None,
) -> str:
    """Return the words that stand in the place of a field, empty if it is not filled.

    Args:
        case: whose form.
        annex: the form.
        field: the field, or the column of a table or grid.
        value: what the case holds for it.
        row: the code of a grid's row, or the place of a table's row, from 0.
        beside: what else stands in a table's row, by column.
    """
    if field.type is FieldType.COMPUTED:
        return _derived(case, annex, field, row)
    if value is None and field.prefill:
        joined = field.prefill.count(".") > 1
        joint = joined_value(case, field.prefill, beside or {}) if joined else None
        return joint if joint is not None else value_elsewhere(case, field.prefill)
    return printed(field, value, case.definitions)


def defined_words(field: Field, definitions: Definitions, row: RowName = None) -> str:
    """Return what stands in the place of a field whoever's form it is, empty if nothing does."""
    return plain_words(defined(field.fact, definitions), row) if field.fact else ""


def value_elsewhere(case: Case, path: str) -> str:
    """Return how the value at a path such as `annex_3.uscc` is printed, empty if there is none."""
    annex_id, _, key = path.partition(".")
    annex = case.definitions.annexes[annex_id]
    field = field_at(case.definitions, path)
    if field is None:
        return ""
    value = answers_of(case, annex).get(key)
    return shown_value(case, annex, field, read_answer(value).value if is_record(value) else value)


def joined_value(case: Case, path: str, beside: RowValues) -> str | None:
    """Return how a column of another form's table is printed, None if the path names no column.

    The row is the one whose first column says what this row says in its column of the same key;
    without such a row nothing stands there.
    """
    table = field_at(case.definitions, path.rpartition(".")[0])
    key = path.rpartition(".")[2]
    column = next((each for each in table.columns if each.key == key), None) if table else None
    if table is None or table.type is not FieldType.TABLE or column is None:
        return None
    annex = case.definitions.annexes[path.partition(".")[0]]
    joint, named = table.columns[0].key, beside.get(table.columns[0].key)
    rows = answers_of(case, annex).get(table.key) or []
    found: RowValues = next(
        (row for row in rows if named is not None and row.get(joint) == named), {}
    )
    return printed(column, found.get(key), case.definitions)


def field_at(definitions: Definitions, path: str) -> Field | None:
    """Return the field that a path such as `annex_3.uscc` names, None if there is no such."""
    annex_id, _, key = path.partition(".")
    annex = definitions.annexes.get(annex_id)
    return next((each for each in annex.fields if each.key == key), None) if annex else None


def _derived(case: Case, annex: Annex, field: Field, row: RowName) -> str:
    if field.prefill:
        return value_elsewhere(case, field.prefill)
    if field.fact:
        told = fact(case, field.fact)
        amount = _of_row(told, row)
        if field.unit == _MONEY and isinstance(amount, int | float):
            return f"{amount:.2f}"
        return plain_words(told, row)
    if field.tally:
        return plain_words(tallied(field.tally, answers_of(case, annex), case.definitions))
    return ""


def plain_words(value: Any, row: RowName = None) -> str:
    """Return a fact in words, or what it says of one row: a truth, a day, a number, some texts."""
    value = _of_row(value, row)
    if value is None:
        return ""
    if isinstance(value, bool):
        return TRUTH[str(value).lower()]
    if isinstance(value, list | tuple):
        texts = [plain_words(each) for each in value]
        return ("\n" if any(len(text) > _BRIEF for text in texts) else "、").join(texts) or NOTHING
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    text = str(value)
    return chinese_date(text) if _ISO_DAY.fullmatch(text) else text


def _of_row(value: Any, row: RowName) -> Any:
    """Return what a fact says of one row of a grid, by its code, or of a table, by its place."""
    if isinstance(value, Mapping):
        return value.get(row)
    if isinstance(row, int) and isinstance(value, list | tuple):
        return value[row] if row < len(value) else None
    return value
