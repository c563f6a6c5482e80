"""Annex answers as report tables, built from the definitions: a new field appears by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import NOTHING as NO_ANSWER
from dxkit.case.answers import column_fields, read_answer
from dxkit.case.words import UNANSWERED, shown, shown_answer
from dxkit.models.annex import NUMERIC, Annex, Field, FieldType, Section
from dxkit.report.blocks import Block, Cell, Head, form, join, paragraph, table

PRIVATE = {FieldType.PHONE, FieldType.EMAIL}
BLANK = {FieldType.SIGNATURE, FieldType.SEAL}
NESTED = {FieldType.TABLE, FieldType.GRID}
METHODS = {
    "interview": "访谈",
    "observation": "观察",
    "site_walk": "现场巡视",
    "document_review": "文件与记录评审",
    "system_demo": "信息系统演示",
    "data_collection": "数据采集",
}


def annex_field(case: Case, annex_id: str, key: str) -> Field:
    """Return the definition of one field of an annex."""
    return next(field for field in case.definitions.annexes[annex_id].fields if field.key == key)


def value(case: Case, annex_id: str, key: str) -> str:
    """Return one field of a plain annex as printed, empty if not filled."""
    field = annex_field(case, annex_id, key)
    return shown(field, case.annex(annex_id).get(key), case.definitions)


def rows_of(case: Case, annex_id: str, key: str) -> list[Mapping[str, Any]]:
    """Return the rows of a repeating table, none if it was not begun."""
    return case.annex(annex_id).get(key) or []


def filled_rows(case: Case, annex_id: str, key: str, *needed: str) -> list[Mapping[str, Any]]:
    """Return the rows of a repeating table in which some columns are filled, as charts need."""
    rows = rows_of(case, annex_id, key)
    return [row for row in rows if all(row.get(column) is not None for column in needed)]


def shown_rows(case: Case, annex_id: str, key: str) -> list[dict[str, str]]:
    """Return the rows of a repeating table as printed, by column key."""
    columns = column_fields(annex_field(case, annex_id, key))
    return [
        {name: shown(field, row.get(name), case.definitions) for name, field in columns.items()}
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


def section_table(case: Case, annex_id: str, section_id: str, caption: str) -> Block:
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
        if field.type not in PRIVATE | BLANK | NESTED
    ]
    return form(two_to_a_line(pairs), (21, 29, 21, 29), caption)


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


def chosen_sections(case: Case, annex_id: str, left_out: frozenset[str] = frozenset()) -> Block:
    """Return the single answers of an annex and its grids, section by section, without lists.

    Args:
        case: whose answers.
        annex_id: which annex.
        left_out: keys of questions that were not asked, since another answer rules them out.
    """
    annex = case.definitions.annexes[annex_id]
    return join(_chosen_section(case, annex, section, left_out) for section in annex.sections)


def _chosen_section(case: Case, annex: Annex, section: Section, left_out: frozenset[str]) -> Block:
    hidden = NESTED | BLANK | PRIVATE
    single = [f for f in section.fields if f.type not in hidden and f.key not in left_out]
    grids = [field for field in section.fields if field.type is FieldType.GRID]
    answered = [field for field in single if field.role != "record"]
    blocks = [_answers(case, annex, section, single)] if answered else []
    return join([*blocks, *(_grid(case, annex, field) for field in grids)])


def _answers(case: Case, annex: Annex, section: Section, fields: Iterable[Field]) -> Block:
    heads = [
        Head("题号", 10, "mid"),
        Head("题目", 31),
        Head("填写结果", 27),
        Head("采集方式", 20),
        Head("证据", 12),
    ]
    rows = [
        _answer_row(case, field, case.annex(annex.id).get(field.key))
        for field in fields
        if field.type is not FieldType.COMPUTED
    ]
    return table(f"{annex.mark}　{section.title}", heads, rows)


def _answer_row(case: Case, field: Field, raw: Any) -> list[str]:
    answer = read_answer(raw) if raw is not None else NO_ANSWER
    return [
        field.no,
        label_with_unit(field),
        shown_answer(field, answer, case.definitions),
        "、".join(METHODS.get(each, each) for each in answer.methods),
        "、".join(answer.evidence),
    ]


def _grid(case: Case, annex: Annex, field: Field) -> Block:
    heads = [
        Head("项目", 24),
        *(Head(each.label, 76 / len(field.columns)) for each in field.columns),
    ]
    rows = [
        [row.label, *(_grid_cell(case, annex, column, row.code) for column in field.columns)]
        for row in field.rows
    ]
    return table(f"{annex.mark}　{field.label}", heads, rows)


def _grid_cell(case: Case, annex: Annex, column: Field, row: str) -> str:
    cells = case.annex(annex.id).get(column.key) or {}
    return shown_answer(column, read_answer(cells.get(row)), case.definitions)


def label_with_unit(field: Field) -> str:
    """Return a label with its unit in brackets, as table heads print it."""
    return (
        f"{field.label}（{field.unit}）"
        if field.unit and field.unit not in field.label
        else field.label
    )


def alignment(field: Field) -> str:
    """Return how the cells of a field align: numbers right, short choices centred."""
    if field.type in NUMERIC:
        return "num"
    centred = {FieldType.YES_NO, FieldType.DATE, FieldType.TIME, FieldType.EVIDENCE}
    return "mid" if field.type in centred else ""


def not_involved(case: Case, chapter: str, otherwise: str) -> Block:
    """Say that a chapter is not involved and why: the group's own reason, else the usual one."""
    reasons = {
        row.get("chapter"): row.get("reason") for row in rows_of(case, "annex_2", "not_involved")
    }
    reason = (reasons.get(chapter) or otherwise).rstrip("。")
    return paragraph(f"本次诊断不涉及。理由：{reason}。", "empty")
