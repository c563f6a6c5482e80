"""The record form as appendix H prints it: single answers and grids, section by section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import NOTHING as NO_ANSWER
from dxkit.case.answers import read_answer
from dxkit.case.words import METHODS, label_with_unit, shown_answer
from dxkit.diagnosis.evidence import cited
from dxkit.evidence.secrecy import field_stays
from dxkit.models.annex import Annex, Field, FieldType, Section
from dxkit.report.answers import BLANK, NESTED, PRIVATE
from dxkit.report.blocks import Block, Head, join, table


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
    asked = [field for field in section.fields if not field_stays(field)]
    single = [f for f in asked if f.type not in hidden and f.key not in left_out]
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
        "、".join(cited(answer.evidence, case)),
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
