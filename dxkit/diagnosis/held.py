"""Every single value that a case holds, with its field and where it stands; none kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import column_fields, flatten, read_answer
from dxkit.models.annex import Annex, Field, FieldType


@dataclass(frozen=True)
class Held:
    """One value: what it answers and, in Chinese, where it stands."""

    place: str
    field: Field
    value: Any


def values_held(case: Case, kind: FieldType) -> Iterator[Held]:
    """Yield the values of one type in all forms, in tables and answers too, each once a place."""
    for annex in case.definitions.annexes.values():
        if not annex.restricted:
            yield from _in(annex, case, kind)


def _in(annex: Annex, case: Case, kind: FieldType) -> Iterator[Held]:
    flat = flatten(annex, case.annex(annex.id))
    for key, field in annex.questions():
        raw, place = flat.get(key), f"{annex.mark} {field.label}"
        if field.type is FieldType.TABLE:
            yield from _in_rows(place, field, raw or [], kind)
        elif field.type is not kind:
            continue
        elif annex.answers == "record":
            answer = read_answer(raw)
            told = (answer.self_reported, answer.onsite, answer.verified)
            several = [value for value in told if value is not None]
            distinct = [each for n, each in enumerate(several) if each not in several[:n]]
            yield from (Held(place, field, value) for value in distinct)
        elif raw is not None:
            yield Held(place, field, raw)


def _in_rows(
    place: str, table: Field, rows: list[Mapping[str, Any]], kind: FieldType
) -> Iterator[Held]:
    columns = {key: each for key, each in column_fields(table).items() if each.type is kind}
    for number, row in enumerate(rows if columns else (), start=1):
        for key, value in row.items():
            if key in columns and value is not None:
                yield Held(f"{place}第{number}行·{columns[key].label}", columns[key], value)
