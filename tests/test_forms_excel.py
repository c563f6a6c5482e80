"""Forms as Excel and Word files: what is written is what is read back, whatever it is."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from dxkit.case import Case
from dxkit.case.changes import made
from dxkit.definitions import load
from dxkit.forms.excel import read_form, write_form
from dxkit.forms.excel.layout import LISTS_SHEET, STAMP_SHEET, sheets_of
from dxkit.forms.merging.applying import Choosing, changes_of
from dxkit.forms.merging.comparison import compare
from dxkit.forms.paper.layout import form_of
from dxkit.forms.record_parts import joined, parts_of
from dxkit.forms.returned import Returned, Stamp
from dxkit.forms.stamping import stamp_for_nobody
from dxkit.forms.word import read_word, write_word
from dxkit.models.annex import Annex, FieldType
from tests.form_answers import answers_for

DEFINITIONS = load()
ANNEXES = list(DEFINITIONS.annexes.values())
SLOW = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
FORMATS = ("xlsx", "docx")


def case_with(annex: Annex, answers: dict[str, Any]) -> Case:
    return Case(Path("parameters/probe"), {annex.id: answers}, DEFINITIONS, "")


def own_stamp(annex: Annex) -> Stamp:
    return Stamp("probe", annex.id, "1502-2026-0001-F3-01", 7, "0123456789ab", "2026-11", False)


def whole_case(annex: Annex, answers: dict[str, Any]) -> Case:
    """A case whose restricted forms, too, hold what was drawn, although none is on disk."""
    case = case_with(annex, answers)
    case.__dict__["restricted"] = case
    return case


def sent_and_returned(annex: Annex, answers: dict[str, Any], kind: str, folder: Path) -> Returned:
    case = whole_case(annex, answers)
    if kind == "xlsx":
        return read_form(write_form(annex, DEFINITIONS, case, own_stamp(annex)), DEFINITIONS)
    path = folder / "form.docx"
    write_word(form_of(case, annex, DEFINITIONS, own_stamp(annex)), path)
    return read_word(path, DEFINITIONS)


def taken_into_an_empty_case(annex: Annex, returned: Returned) -> dict[str, Any]:
    """What the file alone says: it is compared with an empty form, so nothing is filled in."""
    nobodys = replace(returned, stamp=stamp_for_nobody(annex))
    comparison = compare(nobodys, whole_case(annex, {}))
    assert comparison.of("refused") == ()
    expected = ("由程序计算", "请核对", "预置的行")
    unsaid = [each for each in comparison.remarks if not any(word in each.why for word in expected)]
    assert unsaid == []
    changes = changes_of(comparison, Choosing())
    return dict(made({}, changes, DEFINITIONS, "probe").data.get(annex.id, {}))


def test_the_excel_self_check_asks_people_only_what_they_judge_and_reads_all_they_write() -> None:
    annex = DEFINITIONS.annexes["annex_1"]
    book = load_workbook(BytesIO(write_form(annex, DEFINITIONS)))
    sheet = book["自检项"]
    items = (row for row in sheet.iter_rows(min_row=6) if ".self_check.c" in str(row[0].value))
    rows = {str(number): row[1:] for number, row in enumerate(items, start=1)}
    # Without a case there is nothing to judge yet, but how each item is judged is settled.
    assert [cell.value for cell in rows["4"][:4]] == [
        "每项“是”和每个比率分子至少有一条审核通过的证据",
        "自动",
        "须写明理由",
        None,
    ]
    assert [cell.value for cell in rows["18"][1:4]] == ["人工", "阻断", None]
    listed = {
        area.coord for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges
    }
    results = {number: row[4].coordinate for number, row in rows.items()}
    assert [number for number, at in results.items() if at in listed] == [
        "15",
        "16",
        "17",
        "18",
        "19",
    ]
    for number in ("11", "16"):
        sheet[results[number]] = "不合格"
    stream = BytesIO()
    book.save(stream)
    written = {c.path: c.raw for c in read_form(stream.getvalue(), DEFINITIONS).cells if c.raw}
    assert {path: raw for path, raw in written.items() if path.startswith("result")} == {
        "result.c11": "不合格",
        "result.c16": "不合格",
    }


def plainly(annex: Annex, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers without what says nothing, and records in their shortest form."""
    record = annex.answers == "record"
    plain = {}
    for key, raw in answers.items():
        is_grid = isinstance(raw, dict) and record and key in grid_columns(annex)
        if not record or (isinstance(raw, list) and raw and isinstance(raw[0], dict)):
            plain[key] = raw
        elif is_grid:
            plain[key] = {row: joined(parts_of(each)) for row, each in raw.items()}
        else:
            plain[key] = joined(parts_of(raw))
    return plain


def carried(annex: Annex, answers: dict[str, Any], kind: str) -> dict[str, Any]:
    """What a form carries of the answers: none what is the office's, the printed one no more than
    there is paper for."""
    if kind == "xlsx":
        return {key: value for key, value in answers.items() if key not in of_the_office(annex)}
    kept: dict[str, Any] = {}
    for field in annex.fields:
        off = {column.key for column in field.columns if not column.paper}
        if field.type is FieldType.GRID:
            kept |= {c.key: answers[c.key] for c in field.columns if c.key in {*answers} - off}
        elif field.type is FieldType.TABLE and field.paper:
            rows = [
                {k: v for k, v in row.items() if k not in off} for row in answers.get(field.key, [])
            ]
            kept |= {field.key: [row for row in rows if row]} if any(rows) else {}
        elif field.paper and field.key in answers:
            kept[field.key] = answers[field.key]
    return kept


def of_the_office(annex: Annex) -> set[str]:
    return {field.key for section in annex.for_office for field in section.fields}


def grid_columns(annex: Annex) -> set[str]:
    grids = [field for field in annex.fields if field.type is FieldType.GRID]
    return {column.key for grid in grids for column in grid.columns}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_whatever_answers_a_form_is_filled_with_are_read_back_as_they_were(
    annex, kind, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("forms")

    @SLOW
    @given(st.data())
    def check(data: st.DataObject) -> None:
        answers = carried(annex, data.draw(answers_for(annex, DEFINITIONS)), kind)
        returned = sent_and_returned(annex, answers, kind, folder)
        assert returned.stamp == own_stamp(annex)
        assert taken_into_an_empty_case(annex, returned) == plainly(annex, answers)

    check()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_text_of_nothing_but_signs_is_a_text(kind, tmp_path):
    annex = DEFINITIONS.annexes["aux_3"]
    answers = {"minutes": [{"minutes_no": "N1", "place": "；", "host": ";", "recorder": "。。。"}]}
    returned = sent_and_returned(annex, answers, kind, tmp_path)
    assert taken_into_an_empty_case(annex, returned) == answers


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_a_blank_form_says_nothing_when_it_comes_back_untouched(annex):
    content = write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))
    returned = read_form(content, DEFINITIONS)
    comparison = compare(returned, whole_case(annex, {}))
    assert comparison.items == ()
    assert [each for each in comparison.remarks if "预置的行" not in each.why] == []


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_every_field_has_a_hidden_id_and_its_basis(annex):
    content = write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex), office=True)
    book = load_workbook(BytesIO(content))
    ids = {str(cell.value).partition("~")[0] for sheet in book for cell in sheet["A"]}
    words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    for field in annex.fields:
        if field.type is FieldType.TABLE:
            assert f"dx|{annex.id}|table|{field.key}" in ids
        elif field.type is not FieldType.GRID:
            assert f"{annex.id}.{field.key}" in ids
    assert any(basis in word for word in words for basis in ("指南规定", "假定", "公开发布"))
    assert all(
        sheet.column_dimensions["A"].hidden
        for sheet in book
        if sheet.title not in (STAMP_SHEET, LISTS_SHEET)
    )


SURVEY = DEFINITIONS.annexes["annex_8"]
OFFICE = {"signed": True, "sealed": False, "locked_on": "2026-11-20"}


def test_what_only_the_office_fills_in_is_on_no_form_that_goes_out():
    case = case_with(SURVEY, {"filled_on": "2026-11-18", **OFFICE})
    own = {field.label for section in SURVEY.for_office for field in section.fields}
    assert own >= {"已签字", "加权得分", "等级", "与案卷不一致的事项"}
    for stamp in (own_stamp(SURVEY), replace(own_stamp(SURVEY), blank=True)):
        book = load_workbook(BytesIO(write_form(SURVEY, DEFINITIONS, case, stamp)))
        words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
        assert not [word for word in words if word.removesuffix(" *") in own]


def test_what_only_the_office_fills_in_comes_back_from_a_form_made_for_the_office():
    case = case_with(SURVEY, OFFICE)
    content = write_form(SURVEY, DEFINITIONS, case, own_stamp(SURVEY), office=True)
    assert taken_into_an_empty_case(SURVEY, read_form(content, DEFINITIONS)) == OFFICE


def test_a_form_that_went_out_without_the_offices_part_takes_nothing_from_it_when_it_returns():
    case = case_with(SURVEY, {"filler": "娜仁", **OFFICE})
    returned = read_form(write_form(SURVEY, DEFINITIONS, case, own_stamp(SURVEY)), DEFINITIONS)
    comparison = compare(replace(returned, stamp=stamp_for_nobody(SURVEY)), case)
    assert (comparison.items, comparison.remarks) == ((), ())


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_sheets_have_names_that_excel_accepts(annex):
    names = [sheet.name for sheet in sheets_of(annex)]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set(r"[]:*?/\'") for name in names)


def test_a_text_that_begins_like_a_formula_stays_a_text():
    annex = DEFINITIONS.annexes["annex_3"]
    answers = {"enterprise_name": '=HYPERLINK("http://x","y")', "contact_name": "@SUM(A1)"}
    content = write_form(annex, DEFINITIONS, case_with(annex, answers), own_stamp(annex))
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    named = [cell for cell in cells if cell.value == answers["enterprise_name"]]
    assert named and all(cell.quotePrefix for cell in named if cell.column == 3 and cell.row > 5)


def test_choices_are_offered_as_lists_and_numbers_are_ruled():
    annex = DEFINITIONS.annexes["annex_3"]
    book = load_workbook(BytesIO(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))))
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    kinds = {rule.type for rule in rules}
    assert {"list", "whole", "decimal", "date", "textLength"} <= kinds
    regions = next(rule for rule in rules if rule.formula1 and "呼和浩特市" in rule.formula1)
    assert regions.formula1 == '"' + ",".join(r.name for r in DEFINITIONS.regions.regions) + '"'
    assert book[LISTS_SHEET].sheet_state == "hidden"
    assert all(len(rule.formula1 or "") <= 257 for rule in rules)


@pytest.mark.slow
@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_a_form_saved_again_by_libreoffice_says_the_same(annex, program, tmp_path):
    soffice = program("soffice")
    folder = tmp_path

    @settings(SLOW, max_examples=1)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        answers = carried(annex, data.draw(answers_for(annex, DEFINITIONS)), "xlsx")
        content = write_form(annex, DEFINITIONS, whole_case(annex, answers), own_stamp(annex))
        (folder / "form.xlsx").write_bytes(content)
        saved = save_again(soffice, folder / "form.xlsx")
        returned = read_form(saved, DEFINITIONS)
        assert returned.stamp == own_stamp(annex)
        assert taken_into_an_empty_case(annex, returned) == plainly(annex, answers)

    check()


@pytest.mark.slow
def test_a_formula_that_was_worked_out_counts_by_its_result_and_is_listed(program, tmp_path):
    annex = DEFINITIONS.annexes["annex_3"]
    book = load_workbook(BytesIO(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))))
    cell = next(
        row[2]
        for sheet in book
        for row in sheet.iter_rows()
        if str(row[0].value).startswith("annex_3.equip_est~")
    )
    cell.value = "=100+20"
    book.save(tmp_path / "form.xlsx")
    saved = save_again(program("soffice"), tmp_path / "form.xlsx")
    comparison = compare(read_form(saved, DEFINITIONS), whole_case(annex, {}))
    assert [(item.label, item.value) for item in comparison.items] == [("生产设备约数", 120)]
    (remark,) = comparison.remarks
    assert remark.place.endswith(f"!{cell.coordinate}") and "公式" in remark.why


def save_again(soffice: str, path: Path) -> bytes:
    out = path.parent / "saved"
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (out / path.name).read_bytes()


def sheets_named(annex_id: str, answers: dict[str, Any]) -> Any:
    annex = DEFINITIONS.annexes[annex_id]
    case = whole_case(annex, answers)
    return load_workbook(BytesIO(write_form(annex, DEFINITIONS, case, own_stamp(annex))))


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_a_page_lies_on_its_side_where_the_form_says_so_or_columns_would_be_tiny(annex):
    book = load_workbook(BytesIO(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))))
    for sheet in sheets_of(annex):
        page = book[sheet.name]
        widths = [
            page.column_dimensions[get_column_letter(number)].width
            for number in range(2, len(sheet.columns) + 2)
        ]
        lying = page.page_setup.orientation == "landscape"
        said = (sheet.section.orientation or annex.orientation) == "landscape"
        assert lying or not said
        assert sum(widths) <= (165 if lying else 110) * page.page_setup.fitToWidth


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_no_page_of_a_divided_table_shows_half_of_its_title(annex):
    book = load_workbook(BytesIO(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))))
    for sheet in sheets_of(annex):
        page = book[sheet.name]
        if page.page_setup.fitToWidth > 1:
            first, last = page.print_title_cols.replace("$", "").split(":")
            repeated = page[f"{first}1:{last}2"]
            assert {cell.value for row in repeated for cell in row[1:]} == {None}


def test_a_table_that_counts_its_rows_itself_has_no_second_count():
    for annex in ANNEXES:
        for sheet in sheets_of(annex):
            titles = [column.title for column in sheet.columns]
            assert titles.count("序号") <= 1, (annex.id, sheet.name)


def test_many_indicators_are_numbered_in_a_cell_and_few_are_named():
    every = [each.id for each in DEFINITIONS.indicators]
    rows = [{"title": "全部", "indicators": every}, {"title": "两项", "indicators": every[:2]}]
    book = sheets_named("annex_7", {"evidence": rows})
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"1至24", "、".join(each.short_name for each in DEFINITIONS.indicators[:2])} <= cells


def test_what_is_computed_as_a_number_stands_as_a_number_and_is_no_change_when_it_returns():
    annex = DEFINITIONS.annexes["annex_6"]
    spent = {"hardware": 12.5, "software": 3, "security": 1, "service": 0.25}
    answers = {"investment": [{"year": 2025, **spent}]}
    book = sheets_named("annex_6", answers)
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=6) for cell in row[1:]]
    assert 16.75 in [cell.value for cell in cells if cell.font.i]
    content = BytesIO()
    book.save(content)
    returned = replace(read_form(content.getvalue(), DEFINITIONS), stamp=stamp_for_nobody(annex))
    comparison = compare(returned, whole_case(annex, answers))
    assert [each for each in comparison.remarks if "由程序计算" in each.why] == []


@pytest.mark.parametrize(("annex_id", "grid"), [("aux_9", "filed"), ("annex_2", "self_assessed")])
def test_the_24_indicators_of_a_grid_stand_with_their_numbers_and_names(annex_id, grid):
    field = next(each for each in DEFINITIONS.annexes[annex_id].fields if each.key == grid)
    told = {row.code: row.label for row in field.rows}
    assert told == {each.id: f"{each.no} {each.name}" for each in DEFINITIONS.indicators}


@pytest.mark.parametrize(("lines", "size"), [(20, 10.5), (40, 7.0)])
def test_a_text_too_long_for_the_highest_row_is_written_smaller_and_not_cut(lines, size):
    annex = DEFINITIONS.annexes["annex_4"]
    purpose = "\n".join(["测算指标"] * lines)
    book = load_workbook(
        BytesIO(
            write_form(annex, DEFINITIONS, case_with(annex, {"purpose": purpose}), own_stamp(annex))
        )
    )
    (cell,) = (
        cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == purpose
    )
    height = cell.parent.row_dimensions[cell.row].height
    assert cell.font.sz == size
    assert lines * 14.5 * cell.font.sz / 10.5 <= height <= 409.5
