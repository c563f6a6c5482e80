"""The wording of the report: what its author left to be written, or pointed at without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dxkit.case.answers import column_fields
from dxkit.evidence.secrecy import field_stays
from dxkit.facts.view import Culprits, Row, View
from dxkit.models.annex import Field, FieldType

REPORT = "annex_2"
_PLACEHOLDER = re.compile(r"××|待补充|待填写|TODO|TBD|\{\{|\}\}|[?？]{3,}", re.IGNORECASE)
_UNNUMBERED = re.compile(
    r"[如见](?:上|下)?[图表](?![\d一二三四五六七八九十]|[格样纸])|[上下][图表](?=[中所列示])"
)


def placeholders_left(view: View) -> Culprits:
    """Name the texts of the report in which something is still to be written."""
    return tuple(
        f"{place}：“{found[0]}”"
        for place, text in texts_of(view)
        if (found := _PLACEHOLDER.search(text))
    )


def unnumbered_tables(view: View) -> Culprits:
    """Name the texts that speak of a table or figure without its number.

    Captions are numbered by the program itself; what a text points at is for its author to say.
    """
    return tuple(
        f"{place}：“{found[0]}”"
        for place, text in texts_of(view)
        if (found := _UNNUMBERED.search(text))
    )


def texts_of(view: View) -> Iterator[tuple[str, str]]:
    """Yield every text of the report with where it stands."""
    printed = (f for f in view.definitions.annexes[REPORT].fields if not field_stays(f))
    for field in printed:
        value = view.value(REPORT, field.key)
        if isinstance(value, str):
            yield field.label, value
        elif field.type is FieldType.TABLE:
            for number, row in enumerate(view.rows(REPORT, field.key), start=1):
                yield from _texts_in(f"{field.label}第{number}行", column_fields(field), row)


def _texts_in(place: str, columns: Mapping[str, Field], row: Row) -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if isinstance(value, str) and key in columns:
            yield f"{place}·{columns[key].label}", value
