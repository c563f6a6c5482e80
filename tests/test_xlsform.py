"""The record form on a phone: what form servers accept, and what comes back from them."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from lxml import etree
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from dxkit.case import Case, journal, open_case
from dxkit.case.answers import flatten, read_answer
from dxkit.cli.phone_forms import collect, xlsform
from dxkit.definitions import load
from dxkit.errors import FormError
from dxkit.forms.record_parts import part_field
from dxkit.forms.returned import Returned, Stamp
from dxkit.forms.written.parsing import parse
from dxkit.forms.xlsform.expressions import condition, limits
from dxkit.forms.xlsform.layout import RECORDER, STAMP, lay_out
from dxkit.forms.xlsform.read import read_returned_data
from dxkit.forms.xlsform.write import write_xlsform
from dxkit.models.annex import FieldType
from tests.phone_exports import STYLES, as_csv, as_workbook, as_zip, sent_by_phone

PARAMETERS = Path(__file__).parent.parent / "parameters"
DEFINITIONS = load()
ANNEX = DEFINITIONS.annexes["annex_6"]
FORMS = click.Group("form", commands=[xlsform, collect])
XPATH = "{http://www.w3.org/2002/xforms}"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    shutil.copytree(PARAMETERS / "demo-copper", tmp_path / "demo-copper")
    return open_case(tmp_path / "demo-copper")


def stamp_of(case: str = "demo-copper") -> Stamp:
    return Stamp(case, "annex_6", "SJ-001", 3, "0123456789ab", DEFINITIONS.edition, True)


def written(tmp_path: Path, case: Case | None, stamp: Stamp) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(write_xlsform(ANNEX, DEFINITIONS, stamp, case))
    return path


def binds(path: Path) -> dict[str, dict[str, str]]:
    """Convert with pyxform, as the servers do, and return each question's bind by its name."""
    form = etree.fromstring(convert(xlsform=path, validate=False).xform.encode())
    found: dict[str, dict[str, str]] = {}
    for each in form.iter(f"{XPATH}bind"):
        name = each.get("nodeset").rpartition("/")[2]
        assert name not in found, f"{name} stands twice"
        found[name] = {etree.QName(k).localname: v for k, v in each.attrib.items()}
    return found


def plain(expression: str) -> str:
    """Reduce the paths that pyxform puts in place of `${name}` to the name."""
    return re.sub(r"\s*(?:\.\./|/data/(?:\w+/)*)(\w+)\s*", r"\1", expression)


def test_pyxform_accepts_the_form_of_a_case_and_the_blank_one_without_a_warning(tmp_path, case):
    for one, stamp in ((case, stamp_of()), (None, replace(stamp_of(""), n=0, hash=""))):
        assert convert(xlsform=written(tmp_path, one, stamp), validate=False).warnings == []


def test_every_question_that_is_neither_computed_nor_signed_is_on_the_phone(tmp_path, case):
    names = binds(written(tmp_path, case, stamp_of())).keys()
    left_out = {FieldType.COMPUTED, FieldType.SIGNATURE, FieldType.SEAL, FieldType.GRID}
    asked = [
        key.replace(".", "__")
        for key, field in ANNEX.questions()
        if field.type not in left_out | {FieldType.TABLE} and key != "signed_on"
    ]
    columns = [
        f"{table.key}__{column.key}"
        for table in ANNEX.fields
        if table.type is FieldType.TABLE
        for column in table.columns
        if column.type not in left_out
    ]
    assert [name for name in asked + columns if name not in names] == []


def test_conditions_and_limits_of_the_annex_stand_in_the_form(tmp_path, case):
    found = binds(written(tmp_path, case, stamp_of()))
    design = found["design_tools_use"]
    assert "has_design_activity= 'yes'" in plain(design["relevant"])
    assert "design_tools_use__na!= 'yes'" in plain(design["relevant"])
    share = found["customised_orders_share"]
    assert share["constraint"] == "(. >= 0) and (. <= 100)"
    networked = found["equipment_list__quantity_networked"]
    assert ". <=equipment_list__quantity" in plain(networked["constraint"])
    assert "其中数字化且联网数量" in networked["constraintMsg"]
    left = plain(found["presence__left"]["constraint"])
    assert "decimal-time(.) >= decimal-time(presence__arrived)" in left
    assert found["digital_staff"]["type"] == "int"


def test_what_nobody_knows_may_stay_blank_on_the_phone(tmp_path, case):
    found = binds(written(tmp_path, case, stamp_of()))
    insisting = {name for name, bind in found.items() if "required" in bind}
    assert not insisting & {"digital_staff", "design_tools_use", "key_processes"}
    blocks = list(lay_out(ANNEX, DEFINITIONS).blocks())
    rows = {block.asked[0].name for block in blocks if block.table is not None}
    reasons = {each.name for block in blocks for each in block.asked if each.role == "reason"}
    methods = {name for name in insisting if name.endswith("__methods")}
    assert insisting == rows | reasons | methods | {"dx_recorder", "dx_parts"}
    assert found["design_tools_use__na_reason"]["relevant"].endswith("= 'yes'")


def test_a_part_is_asked_only_where_it_was_chosen_and_a_photo_goes_with_each_indicator(
    tmp_path, case
):
    found = binds(written(tmp_path, case, stamp_of()))
    assert found["part_digital"]["relevant"].endswith(", 'digital')")
    photos = {name for name in found if name.endswith("__photo")}
    groups = {each.name for each in lay_out(ANNEX, DEFINITIONS).blocks() if each.table is None}
    assert photos == {f"{group}__photo" for group in groups}


def test_names_and_labels_tell_all_questions_apart():
    layout = lay_out(ANNEX, DEFINITIONS)
    names = [each.name for block in layout.blocks() for each in block.asked]
    single = [e.label for b in layout.blocks() if b.table is None for e in b.asked]
    assert len(names) == len(set(names))
    assert len(single) == len(set(single))
    for block in layout.blocks():
        assert len({each.label for each in block.asked}) == len(block.asked)
    for annex in DEFINITIONS.annexes.values():
        assert not [key for key, _ in annex.questions() if "__" in key]


def test_each_indicator_with_questions_of_its_own_names_its_group():
    labels = [block.label for block in lay_out(ANNEX, DEFINITIONS).blocks()]
    assert "Q02 生产设备数字化率" in labels
    assert [label for label in labels if re.fullmatch(r"Q\d+", label)] == []


def test_no_cell_of_the_workbook_is_a_formula_whatever_the_enterprise_is_called(tmp_path, case):
    data = {**case.data, "annex_3": {"enterprise_name": '=HYPERLINK("http://x")${a}\''}}
    path = written(tmp_path, replace(case, data=data), stamp_of())
    cells = [c for sheet in load_workbook(path) for row in sheet.iter_rows() for c in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert convert(xlsform=path, validate=False).xform


def test_the_stamp_travels_with_the_form(tmp_path, case):
    calculated = binds(written(tmp_path, case, stamp_of()))[STAMP]["calculate"]
    assert Stamp.from_text(calculated.strip("'")) == stamp_of()


def returned_values(returned: Returned) -> dict[str, Any]:
    """Return what the on-site values and reasons read as."""
    values: dict[str, Any] = {}
    for cell in returned.cells:
        key, _, part = cell.path.rpartition(".")
        field = part_field(DEFINITIONS.questions[key], part)
        parsed = parse(field, cell.raw, DEFINITIONS)
        assert parsed.readable, (cell, parsed)
        values[cell.path] = parsed.value
    return values


def returned_rows(returned: Returned) -> dict[str, list[dict[str, Any]]]:
    tables = {field.key: {c.key: c for c in field.columns} for field in ANNEX.fields}
    rows = {
        table.path: [
            {
                key: parse(tables[table.path][key], raw, DEFINITIONS)
                for key, (raw, _) in row.cells.items()
            }
            for row in table.rows
        ]
        for table in returned.tables
    }
    wrong = [each for lines in rows.values() for r in lines for each in r.values()]
    assert [each for each in wrong if not each.readable] == []
    return {
        key: [{k: v.value for k, v in line.items()} for line in lines]
        for key, lines in rows.items()
    }


def as_stored(case: Case) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    flat = flatten(ANNEX, case.annex("annex_6"))
    unasked = {FieldType.COMPUTED, FieldType.SIGNATURE, FieldType.SEAL}
    values, tables = {}, {}
    for key, field in ANNEX.questions():
        if key not in flat or field.type in unasked or key == "signed_on":
            continue
        if field.type is FieldType.TABLE:
            kept = {c.key for c in field.columns if c.type not in unasked}
            tables[key] = [{k: v for k, v in row.items() if k in kept} for row in flat[key]]
            continue
        answer = read_answer(flat[key])
        if answer.not_applicable is not None:
            values[f"{key}.not_applicable"] = answer.not_applicable
        elif answer.value is not None:
            values[f"{key}.onsite"] = answer.value
    return values, tables


def sorted_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted_lists(each) for key, each in value.items()}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return sorted(value)
    return [sorted_lists(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", ["xlsx", "zip", "zip-gbk"])
def test_all_answers_of_a_full_case_come_back_as_they_were_sent(tmp_path, case, style, kind):
    sheets = sent_by_phone(case, stamp_of().as_text(), style)
    path = tmp_path / "改过名的文件.dat"
    if kind == "xlsx":
        as_workbook(sheets, path)
    else:
        as_zip(sheets, path, "gb18030" if kind == "zip-gbk" else "utf-8-sig")
    returned = read_returned_data(path, ANNEX, DEFINITIONS, "demo-copper")
    values, tables = as_stored(case)
    read = returned_values(returned)
    assert returned.stamp == stamp_of()
    assert returned.unmatched == ()
    assert {
        k: sorted_lists(v) for k, v in read.items() if k.endswith((".onsite", ".not_applicable"))
    } == sorted_lists(values)
    assert sorted_lists(returned_rows(returned)) == sorted_lists(tables)
    assert read["equipment.recorder"] == "张三"
    assert read["equipment.recorded_at"] == "2026-10-13 15:20"
    assert read["equipment.methods"] == ["site_walk", "document_review"]
    assert read["equipment.informant"] == "李四"


def main_csv(tmp_path: Path, *lines: dict[str, Any], delimiter: str = ",") -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(as_csv(list(lines), delimiter=delimiter))
    return path


def submission(who: str, at: str, **answers: Any) -> dict[str, Any]:
    return {STAMP: stamp_of().as_text(), RECORDER: who, "_submission_time": at, **answers}


def test_two_submissions_are_put_together_and_what_they_disagree_on_is_listed(tmp_path):
    one = submission("甲", "2026-10-13T10:00:00", equipment=40, staff=300, lines_total=4)
    two = submission("乙", "2026-10-14T10:00:00", equipment=42, staff=300, lines_integrated=2)
    path = main_csv(tmp_path, two, one, delimiter=";")
    returned = read_returned_data(path, ANNEX, DEFINITIONS, "demo-copper")
    read = returned_values(returned)
    assert read["staff.onsite"] == 300
    assert read["staff.recorder"] == "乙", "the later word on an answer both agree on"
    assert (read["lines_total.onsite"], read["lines_total.recorder"]) == (4, "甲")
    assert [path for path in read if path.startswith("equipment.")] == []
    said = {(each.text, each.why[:30]) for each in returned.unmatched}
    assert {text for text, _ in said} == {"40", "42"}
    assert any("乙填“42”" in why for _, why in said)


def test_an_answer_and_a_mark_of_not_applicable_for_it_contradict_each_other(tmp_path):
    one = submission("甲", "2026-10-13", customisation_mode="B")
    two = submission("乙", "2026-10-14", customisation_mode__na="yes")
    two["customisation_mode__na_reason"] = "单一产品"
    returned = read_returned_data(main_csv(tmp_path, one, two), ANNEX, DEFINITIONS, "demo-copper")
    assert [each for each in returned.cells if each.path.startswith("customisation_mode")] == []
    assert {each.text for each in returned.unmatched} == {"B", "单一产品"}


def test_what_belongs_nowhere_is_listed_with_its_place(tmp_path):
    line = submission("甲", "2026-10-13", equipment=40, digital__2__photo="1697.jpg", extra="外来")
    foreign = {
        **submission("丙", "2026-10-13", equipment=7),
        STAMP: stamp_of("demo-dairy").as_text(),
    }
    returned = read_returned_data(
        main_csv(tmp_path, line, foreign), ANNEX, DEFINITIONS, "demo-copper"
    )
    told = {each.text: (each.place, each.why) for each in returned.unmatched}
    assert told["外来"][0] == "export.csv 第2行“extra”"
    assert "dxkit evidence add" in told["1697.jpg"][1]
    assert "demo-dairy" in told["丙 2026-10-13 00:00"][1]
    assert returned_values(returned)["equipment.onsite"] == 40


def test_rows_of_several_submissions_are_put_together_and_strays_are_listed(tmp_path):
    main = [{**submission("甲", "1", equipment=1), "KEY": "a"}]
    main.append({**submission("乙", "2", staff=1), "KEY": "b"})
    rows = [
        {"PARENT_KEY": key, "warehouse_checks__warehouse": name}
        for key, name in (("a", "原料库"), ("b", "成品库"), ("b", "原料库"), ("gone", "备件库"))
    ]
    path = as_zip({"main": main, "warehouse_checks": rows}, tmp_path / "x.zip")
    returned = read_returned_data(path, ANNEX, DEFINITIONS, "demo-copper")
    (table,) = returned.tables
    assert sorted(row.cells["warehouse"][0] for row in table.rows) == ["原料库", "成品库"]
    (lost,) = returned.unmatched
    assert lost.why == "找不到这一行所属的填报记录"
    assert "备件库" in lost.text, "with all that it says"
    assert lost.answer, "somebody filled it in"


def hostile(tmp_path: Path) -> dict[str, Path]:
    def packed(name: str, *entries: tuple[str, bytes]) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for entry, content in entries:
                package.writestr(entry, content)
        return path

    torn = tmp_path / "torn.zip"
    torn.write_bytes(packed("whole.zip", ("a.csv", b"x" * 999)).read_bytes()[:60])
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xd0\xcf\x11\xe0\0\0\0\0")
    other = tmp_path / "other.csv"
    other.write_text("姓名,电话\n张三,1\n", encoding="utf-8")
    return {
        "路径越界": packed("out.zip", ("../a.csv", b"KEY\n1")),
        "压缩炸弹": packed("bomb.zip", ("a.csv", b"0" * (64 << 20))),
        "不是 xlsx 文件": packed("doc.zip", ("[Content_Types].xml", b"<x/>")),
        "已损坏": torn,
        "不是 CSV 文本": binary,
        "没有这张表的填报记录": other,
    }


def test_a_file_that_is_no_export_is_refused_in_chinese(tmp_path):
    for words, path in hostile(tmp_path).items():
        with pytest.raises(FormError) as refused:
            read_returned_data(path, ANNEX, DEFINITIONS, "demo-copper")
        assert words in str(refused.value)


def test_what_the_phone_cannot_tell_is_left_to_the_import():
    field = next(each for each in ANNEX.fields if each.key == "design_tools_use")
    assert condition(field.shown_if, lambda _key: None) == ""
    assert limits(field, lambda _key: None) == ("", "")


def sent_out(tmp_path: Path, case: Case) -> tuple[Path, Stamp]:
    """Send the form out by the command line and return it with the stamp it carries."""
    path = tmp_path / "phone.xlsx"
    asked = ["xlsform", str(case.folder), "--out", str(path), "--who", "郑虚构"]
    assert CliRunner().invoke(FORMS, asked, catch_exceptions=False).exit_code == 0
    stamp = Stamp.from_text(binds(path)[STAMP]["calculate"].strip("'"))
    assert stamp is not None
    return path, stamp


def collected(case: Case, path: Path, *options: str) -> str:
    asked = ["collect", str(case.folder), str(path), "--who", "甲", *options]
    return CliRunner().invoke(FORMS, asked, catch_exceptions=False).output


def test_sending_the_form_is_noted_in_the_case_and_the_stamp_names_that_entry(tmp_path, case):
    _, stamp = sent_out(tmp_path, case)
    row = open_case(case.folder).annex("engagement")["exports"][-1]
    last = journal.last(case.folder)
    assert (row["annex"], row["format"], row["who"]) == ("annex_6", "xlsform（空白）", "郑虚构")
    assert (stamp.n, stamp.hash) == (last.n, last.hash[:12])
    assert stamp.form_no == row["form_no"]


def test_collected_answers_enter_the_case_once_with_who_noted_them(tmp_path):
    empty = tmp_path / "case"
    shutil.copytree(PARAMETERS / "demo-empty", empty)
    case = open_case(empty)
    _, stamp = sent_out(tmp_path, case)
    line = {
        **submission("甲", "2026-10-13T09:05:00", equipment=40, digital__2__informant="乙"),
        STAMP: stamp.as_text(),
        "KEY": "k",
    }
    rows = [{"PARENT_KEY": "k", "warehouse_checks__warehouse": "原料库"}]
    path = as_zip({"main": [line], "warehouse_checks": rows}, tmp_path / "x.zip")
    before = journal.last(empty)
    assert "没有写入" in collected(case, path, "--dry-run")
    assert journal.last(empty) == before
    assert "没有写入" in collected(case, path), "nobody was there to agree"
    collected(case, path, "--yes")
    after = open_case(empty)
    answer = after.record["equipment"]
    assert (answer.value, answer.recorder, answer.informant) == (40, "甲", "乙")
    assert answer.recorded_at == "2026-10-13 09:05"
    assert after.annex("annex_6")["warehouse_checks"] == [{"warehouse": "原料库"}]
    assert journal.last(empty).n == before.n + 1, "all of it in one entry"
    assert "没有写入" in collected(after, path, "--yes"), "there is nothing new in it"
    assert journal.last(empty).n == before.n + 1


def test_what_two_people_answer_differently_keeps_all_out_unless_the_rest_is_asked_for(tmp_path):
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "case")
    case = open_case(tmp_path / "case")
    stamp = {STAMP: sent_out(tmp_path, case)[1].as_text()}
    one = submission("甲", "2026-10-13T10:00:00", equipment=40, staff=300) | stamp
    two = submission("乙", "2026-10-14T10:00:00", equipment=42) | stamp
    path = main_csv(tmp_path, one, two)
    for option in ("--dry-run", "--yes"):
        with pytest.raises(FormError, match="乙填“42”"):
            collected(case, path, option)
    assert open_case(case.folder).annex("annex_6") == case.annex("annex_6")
    collected(case, path, "--partial", "--yes")
    record = open_case(case.folder).record
    assert record["staff"].value == 300 and "equipment" not in record


@pytest.mark.parametrize("sheet", ["warehouse_checks", "renamed_repeat"])
def test_rows_that_belong_nowhere_keep_all_out_unless_the_rest_is_asked_for(tmp_path, sheet):
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "case")
    case = open_case(tmp_path / "case")
    stamp = {STAMP: sent_out(tmp_path, case)[1].as_text()}
    line = submission("甲", "2026-10-13T10:00:00", equipment=40) | stamp | {"KEY": "k"}
    column = "warehouse_checks__warehouse" if sheet == "warehouse_checks" else "renamed__column"
    stray = {"PARENT_KEY": "gone", column: "备件库"}
    path = as_zip({"main": [line], sheet: [stray]}, tmp_path / "x.zip")
    for option in ("--dry-run", "--yes"):
        with pytest.raises(FormError) as refused:
            collected(case, path, option)
        assert sheet in str(refused.value)
    assert "equipment" not in open_case(case.folder).record
    collected(case, path, "--partial", "--yes")
    assert open_case(case.folder).record["equipment"].value == 40


def test_a_formula_without_a_result_is_told_and_does_not_vanish(tmp_path):
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "case")
    case = open_case(tmp_path / "case")
    stamp = {STAMP: sent_out(tmp_path, case)[1].as_text()}
    line = submission("甲", "2026-10-13", equipment="=1+1", staff=300) | stamp
    path = as_workbook({"main": [line]}, tmp_path / "x.xlsx")
    with pytest.raises(FormError, match="没有结果的公式") as refused:
        collected(case, path, "--yes")
    assert "=1+1" in str(refused.value)


def test_an_answer_that_the_case_holds_otherwise_is_a_conflict_and_changes_nothing(tmp_path):
    shutil.copytree(PARAMETERS / "demo-machinery", tmp_path / "demo-machinery")
    case = open_case(tmp_path / "demo-machinery")
    _, stamp = sent_out(tmp_path, case)
    now = case.record["equipment"].value
    line = {**submission("甲", "2026-10-13", equipment=now + 1), STAMP: stamp.as_text()}
    path = main_csv(tmp_path, line)
    with pytest.raises(FormError) as refused:
        collected(case, path, "--yes")
    assert "--take returned" in str(refused.value)
    assert open_case(case.folder).record["equipment"].value == now
    collected(case, path, "--take", "returned", "--yes")
    assert open_case(case.folder).record["equipment"].onsite == now + 1
