"""Answers as a report prints them, built from the definitions: a new field appears by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import column_fields
from dxkit.case.words import UNANSWERED, label_with_unit, shown
from dxkit.diagnosis.evidence import cited
from dxkit.evidence.secrecy import field_stays
from dxkit.lifecycle.rows import table_at
from dxkit.lifecycle.terms import Circumstances, plain, value_at
from dxkit.models.annex import NUMERIC, Field, FieldType
from dxkit.report.blocks import Block, Cell, Head, form, heading, join, paragraph, table
from dxkit.report.moment import day_of

PRIVATE = {FieldType.PHONE, FieldType.EMAIL}
BLANK = {FieldType.SIGNATURE, FieldType.SEAL}
NESTED = {FieldType.TABLE, FieldType.GRID}


def annex_field(case: Case, annex_id: str, key: str) -> Field:
    """Return the definition of one field of an annex."""
    return next(field for field in case.definitions.annexes[annex_id].fields if field.key == key)


def value(case: Case, annex_id: str, key: str) -> str:
    """Return one field of a plain annex as printed, empty if not filled.

    A field that is prefilled from another form, or computed, shows what the form shows; one that
    is kept back shows nothing.
    """
    field = annex_field(case, annex_id, key)
    if field_stays(field):
        return ""
    found = value_at(f"{annex_id}.{key}", Circumstances(case, day_of(case)))
    if field.type is FieldType.COMPUTED and isinstance(found, float):
        return plain(found)
    return _told(field, found, case)


def _told(field: Field, found: object, case: Case) -> str:
    """Return a value as a report prints it; of evidence only what may be cited."""
    if field.type is FieldType.EVIDENCE and isinstance(found, list):
        found = list(cited(map(str, found), case))
    return shown(field, found, case.definitions)


def rows_of(case: Case, annex_id: str, key: str) -> list[Mapping[str, Any]]:
    """Return the rows of a repeating table, none if it was not begun.

    A cell that is prefilled from another form shows what stands there.
    """
    return list(table_at(f"{annex_id}.{key}", case)[1])


def filled_rows(case: Case, annex_id: str, key: str, *needed: str) -> list[Mapping[str, Any]]:
    """Return the rows of a repeating table in which some columns are filled, as charts need."""
    rows = rows_of(case, annex_id, key)
    return [row for row in rows if all(row.get(column) is not None for column in needed)]


def shown_rows(case: Case, annex_id: str, key: str) -> list[dict[str, str]]:
    """Return the rows of a repeating table as printed, by column key."""
    columns = column_fields(annex_field(case, annex_id, key))
    return [
        {name: _told(field, row.get(name), case) for name, field in columns.items()}
        for row in rows_of(case, annex_id, key)
    ]


def rows_table(
    case: Case,
    annex_id: str,
    key: str,
    columns: Mapping[str, float],
    caption: str,
    **options: Any,
) -> Block:
    """Return a repeating table with some columns and their widths in percent."""
    fields = column_fields(annex_field(case, annex_id, key))
    heads = [
        Head(label_with_unit(fields[name]), width, alignment(fields[name]))
        for name, width in columns.items()
    ]
    rows = [[row[name] for name in columns] for row in shown_rows(case, annex_id, key)]
    return table(caption, heads, rows, **options)


def section_table(
    case: Case, annex_id: str, section_id: str, caption: str, anchor: str = ""
) -> Block:
    """Return the single fields of a section, two to a line; contacts stay out of reports."""
    section = next(
        each for each in case.definitions.annexes[annex_id].sections if each.id == section_id
    )
    answers = case.annex(annex_id)
    pairs = [
        (
            label_with_unit(field),
            shown(field, answers.get(field.key), case.definitions) or UNANSWERED,
        )
        for field in section.fields
        if field.type not in PRIVATE | BLANK | NESTED and not field_stays(field)
    ]
    return form(two_to_a_line(pairs), (21, 29, 21, 29), caption, anchor=anchor)


def record_cards(
    case: Case, annex_id: str, key: str, title: Sequence[str], columns: Sequence[str]
) -> Block:
    """Return each row of a table as a small form of its own below a heading.

    Args:
        case: whose rows.
        annex_id: the form.
        key: the table.
        title: the columns that name a row.
        columns: what is told of a row; an empty cell is left out.
    """
    return join(
        record_card(case, annex_id, key, row, title, columns)
        for row in shown_rows(case, annex_id, key)
    )


def record_card(
    case: Case,
    annex_id: str,
    key: str,
    row: Mapping[str, str],
    title: Sequence[str],
    columns: Sequence[str],
) -> Block:
    """Return one row of a table, as printed, as a small form below a heading."""
    fields = column_fields(annex_field(case, annex_id, key))
    pairs = [(label_with_unit(fields[name]), row[name]) for name in columns if row[name]]
    name = heading(3, " ".join(row[each] for each in title if row[each]) or "（未命名）")
    return name + form(two_to_a_line(pairs), (21, 29, 21, 29)) if pairs else name


def two_to_a_line(pairs: Sequence[tuple[str, str]], long: int = 22) -> list[list[Cell]]:
    """Lay label and value pairs out two to a line; a long value takes a line of its own."""
    lines: list[list[Cell]] = []
    half: list[Cell] = []
    for label, text in pairs:
        if len(text) > long:
            lines += [_filled(half)] if half else []
            lines.append([Cell(label, "label"), Cell(text, across=3)])
            half = []
            continue
        half += [Cell(label, "label"), Cell(text)]
        if len(half) == 4:
            lines.append(half)
            half = []
    return [*lines, _filled(half)] if half else lines


def _filled(half: list[Cell]) -> list[Cell]:
    return [half[0], Cell(half[1].text, across=3)]


def alignment(field: Field) -> str:
    """Return how the cells of a field align: numbers right, short choices centred."""
    if field.type in NUMERIC:
        return "num"
    centred = {FieldType.YES_NO, FieldType.DATE, FieldType.TIME, FieldType.EVIDENCE}
    return "mid" if field.type in centred else ""


def reason_left_out(case: Case, chapter: str) -> str | None:
    """Return the group's own reason why a chapter is not involved, None if it gave none."""
    rows = rows_of(case, "annex_2", "not_involved")
    return {row.get("chapter"): row.get("reason") for row in rows}.get(chapter)


def not_involved(case: Case, chapter: str, otherwise: str) -> Block:
    """Say that a chapter is not involved and why: the group's own reason, else the usual one."""
    reason = (reason_left_out(case, chapter) or otherwise).rstrip("。")
    return paragraph(f"本次诊断不涉及。理由：{reason}。", "empty")
