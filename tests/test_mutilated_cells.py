"""What people write into the cells of a returned Excel form: read as meant, or listed with why."""

from __future__ import annotations

import math
from copy import deepcopy
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from dxkit.case import create
from dxkit.forms.written.parsing import parse
from tests.mutilations import (
    DEFINITIONS,
    NAME,
    SENT,
    Outcome,
    Post,
    judge,
    new_case,
    refused,
    sent,
    spot_of,
    table_of,
)

COLUMNS = {"product": "C", "capacity": "D", "unit": "E", "output": "F", "revenue_share": "G"}
WHOLE = "不小于 0 的整数（台/套）"
DAY = "日期，如 2026年3月5日"
SHARE, OUTPUT, PRODUCT = "products.1.revenue_share", "products.1.output", "products.1.product"


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    case = new_case(tmp_path_factory.mktemp("sent"))
    return Post(case.folder, {"xlsx": sent(case, "xlsx")})


@pytest.fixture(scope="module")
def book(post: Post) -> Workbook:
    """The sent form, opened once; whoever writes into it puts back what stood there."""
    return load_workbook(BytesIO(post.files["xlsx"]))


def returned_with(book: Workbook, path: str, raw: Any, file: Path) -> str:
    """Save the form with something typed into one cell; return the cell's place."""
    cell = cell_at(book, path)
    stood = cell.value, cell.number_format
    cell.value = raw
    if isinstance(raw, str):
        cell.data_type = "s"
    book.save(file)
    cell.value, cell.number_format = stood
    return f"{cell.parent.title}!{cell.coordinate}"


def cell_at(book: Workbook, path: str) -> Cell:
    """Return the cell of a field, or of a column in a row of the products."""
    key, _, rest = path.partition(".")
    if rest:
        row, column = rest.split(".")
        cell = table_of(book, key)[f"{COLUMNS[column]}{int(row) + 5}"]
    else:
        sheet, number = spot_of(book, key)
        cell = sheet.cell(number, 3)
    assert isinstance(cell, Cell)
    return cell


def put_into(path: str, value: Any) -> dict[str, Any]:
    """Return how the answers differ once a value stands at a path; nothing if it stood there."""
    key, _, rest = path.partition(".")
    if not rest:
        return {} if SENT.get(key) == value else {key: value}
    row, column = rest.split(".")
    rows = deepcopy(SENT[key])
    rows[int(row) - 1][column] = value
    told = [{name: each for name, each in one.items() if each is not None} for one in rows]
    return {} if told == SENT[key] else {key: told}


READ = [
    # numbers as people write them
    ("equip_est", "130台", 130),
    ("equip_est", "130 台/套", 130),
    ("equip_est", "１３０", 130),
    ("equip_est", " 130 ", 130),
    ("equip_est", "130\u200b", 130),
    ("equip_est", "\u202a130\u202c", 130),
    ("equip_est", "1,234", 1234),
    ("equip_est", "1，234", 1234),
    ("equip_est", "1 234", 1234),
    ("equip_est", "130.0", 130),
    ("equip_est", "+130", 130),
    ("equip_est", 130.0, 130),
    ("equip_est", "120", 120),
    ("it_staff", "0人", 0),
    (OUTPUT, "1,234.50", 1234.5),
    (OUTPUT, "9.5E2", 950),
    (SHARE, "65%", 65),
    (SHARE, "６５％", 65),
    (SHARE, "65.5 %", 65.5),
    # dates
    ("founded_on", "2009年3月5日", "2009-03-05"),
    ("founded_on", "2009 年 03 月 05 日", "2009-03-05"),
    ("founded_on", "2009-3-5", "2009-03-05"),
    ("founded_on", "2009/03/05", "2009-03-05"),
    ("founded_on", "2009.3.5", "2009-03-05"),
    ("founded_on", "20090305", "2009-03-05"),
    ("founded_on", "２００９－０３－０５", "2009-03-05"),
    ("founded_on", "2009年3月5号", "2009-03-05"),
    ("founded_on", "二〇〇九年三月十五日", "2009-03-15"),
    ("founded_on", "2009-03-05 00:00:00", "2009-03-05"),
    ("founded_on", 39877, "2009-03-05"),
    ("founded_on", "39877", "2009-03-05"),
    ("founded_on", date(2009, 3, 5), "2009-03-05"),
    ("founded_on", "2008年5月12日", "2008-05-12"),
    # yes and no
    ("is_above_scale", "否", False),
    ("is_above_scale", "×", False),
    ("is_above_scale", "N", False),
    ("is_above_scale", "no", False),
    ("is_above_scale", 0, False),
    ("is_above_scale", False, False),
    ("is_above_scale", "√", True),
    ("is_above_scale", "Ｙ", True),
    ("is_above_scale", 1, True),
    ("is_above_scale", True, True),
    ("is_above_scale", "□是 ☑否", False),
    # choices
    ("ownership", "国有及国有控股", "state"),
    ("ownership", "state", "state"),
    ("ownership", "（外资）", "foreign"),
    ("ownership", "【外资】", "foreign"),
    ("ownership", " 外 资 ", "foreign"),
    ("ownership", "□民营 ☑外资", "foreign"),
    ("league", "呼和浩特", "150100"),
    ("league", "内蒙古自治区呼和浩特市", "150100"),
    ("league", 150100, "150100"),
    ("industry_division", 6, "06"),
    ("industry_division", "煤炭开采和洗选业", "06"),
    ("ics_types", "PLC；DCS", ["plc", "dcs"]),
    ("ics_types", "PLC,DCS", ["plc", "dcs"]),
    ("ics_types", "PLC、DCS、", ["plc", "dcs"]),
    ("ics_types", "PLC/DCS", ["plc", "dcs"]),
    ("ics_types", "PLC\nDCS", ["plc", "dcs"]),
    ("ics_types", "plc，ＤＣＳ", ["plc", "dcs"]),
    ("ics_types", "CNC·DNC", ["cnc_dnc"]),
    ("ics_types", "DCS、DCS", ["dcs"]),
    # text
    ("contact_name", "王工  ", "王工"),
    ("contact_name", "\ufeff王\u200b工\u3000", "王工"),
    ("contact_name", "李 工", "李工"),
    ("contact_name", "王工_x000D_", "王工"),
    ("contact_name", "=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
    ("contact_name", "+86王工", "+86王工"),
    ("ai_needs", "第一行\r\n第二行", "第一行\n第二行"),
    ("ai_needs", "长" * 32_000, "长" * 32_000),
    ("ai_needs", "无", "无"),
    ("ai_needs", "不详", "不详"),
    ("contact_phone", 13900139000, "13900139000"),
    ("contact_phone", "+86 139-0013-9000", "13900139000"),
    ("contact_phone", "１３９００１３９０００", "13900139000"),
    ("contact_email", " ｌｉ@example.com ", "li@example.com"),
    ("uscc", "91150200ma0n 00001x", "91150200MA0N00001X"),
    ("park", 8, "8"),
    # a stroke where nothing was sent says that there is nothing
    ("park", "/", None),
    ("park", "——", None),
    ("line_count", "／", None),
    ("line_count", "-", None),
    ("listed", "/", None),
]
"""The path, what stands in the cell, and what is then in the case."""

REFUSED = [
    ("equip_est", "约三百", WHOLE),
    ("equip_est", "约300", WHOLE),
    ("equip_est", "300左右", WHOLE),
    ("equip_est", "300-320", WHOLE),
    ("equip_est", "三百", WHOLE),
    ("equip_est", "1.2万台", WHOLE),
    ("equip_est", "12人", WHOLE),
    ("equip_est", "1,23", WHOLE),
    ("equip_est", "1.234,5", WHOLE),
    ("equip_est", -3, "不小于 0 的整数"),
    ("equip_est", "－3", "不小于 0 的整数"),
    ("equip_est", 12.5, WHOLE),
    ("equip_est", True, WHOLE),
    ("equip_est", "无", WHOLE),
    ("equip_est", "不详", WHOLE),
    ("equip_est", "N/A", WHOLE),
    ("equip_est", "不适用：没有此类业务", WHOLE),
    ("equip_est", "/", "没有内容的留空"),
    ("equip_est", "—", "没有内容的留空"),
    ("equip_est", datetime(2026, 3, 5), WHOLE),
    ("equip_est", "9" * 60, WHOLE),
    ("equip_est", "10²", WHOLE),
    ("equip_est", "120①", WHOLE),
    ("equip_est", "120½", WHOLE),
    ("equip_est", '=DISPIMG("ID_1",1)', "图片"),
    (OUTPUT, "900吨", "数字"),
    (OUTPUT, "同上", "写出具体内容"),
    (PRODUCT, "同上", "写出具体内容"),
    (PRODUCT, "〃", "写出具体内容"),
    (PRODUCT, "/", "没有内容的留空"),
    (SHARE, "120%", "100"),
    (SHARE, "-5%", "0"),
    (SHARE, "六成", "百分数"),
    ("founded_on", "2009年2月30日", DAY),
    ("founded_on", "2009-13-01", DAY),
    ("founded_on", "09-3-5", DAY),
    ("founded_on", "5/3/2009", DAY),
    ("founded_on", "2009年3月", DAY),
    ("founded_on", "2009", DAY),
    ("founded_on", 20090305, "没有错误值"),
    ("founded_on", "去年", DAY),
    ("founded_on", "2009-03-05 09:30", DAY),
    ("founded_on", "43,900", DAY),
    ("founded_on", datetime(9999, 12, 31, 23, 59, 59, 999_000), DAY),
    ("founded_on", "2009年3月5日（星期四）", DAY),
    ("is_above_scale", "待定", "是 或 否"),
    ("is_above_scale", "是/否", "是 或 否"),
    ("is_above_scale", "☑是 ☑否", "是 或 否"),
    ("is_above_scale", 2, "是 或 否"),
    ("is_above_scale", "/", "没有内容的留空"),
    ("ownership", "国有", "中的一项"),
    ("ownership", "股份制", "中的一项"),
    ("ownership", "民营、外资", "中的一项"),
    ("ownership", "☑民营 ☑外资", "中的一项"),
    ("ownership", "其他：中外合资", "中的一项"),
    ("league", "北京市", "盟市"),
    ("industry_division", "冶金", "大类"),
    ("industry_division", 10**40, "大类"),
    ("ics_types", "PLC、组态王", "一项或几项"),
    ("ics_types", "其他：组态王", "一项或几项"),
    ("enterprise_name", "长" * 81, "80"),
    ("contact_phone", "1390013900", "手机号"),
    ("contact_phone", "13900139000/13900139001", "手机号"),
    ("uscc", 9.11502e17, "18 位"),
    ("uscc", "9115020", "18"),
]
"""The path, what stands in the cell, and words of what would be right."""


def named(told: tuple[str, Any, Any]) -> str:
    return f"{told[0].rpartition('.')[2]}-{str(told[1])[:20]!r}"


@pytest.mark.parametrize("told", READ, ids=named)
def test_what_is_meant_is_read_and_nothing_else_changes(told, post, book, tmp_path: Path):
    path, raw, value = told
    returned_with(book, path, raw, tmp_path / "退回.xlsx")
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", Outcome(put_into(path, value)))


@pytest.mark.parametrize("told", REFUSED, ids=named)
def test_what_cannot_be_told_is_listed_with_its_cell_and_changes_nothing(
    told, post, book, tmp_path: Path
):
    path, raw, why = told
    place = returned_with(book, path, raw, tmp_path / "退回.xlsx")
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", Outcome(refused=((place, why),)))


@pytest.mark.parametrize("raw", [math.inf, -math.inf, math.nan, 10**400, 1e308])
def test_a_number_beyond_all_bounds_is_no_day_and_no_code(raw):
    fields = {each.key: each for each in DEFINITIONS.annexes["annex_3"].fields}
    for key in ("founded_on", "industry_division", "is_above_scale", "contact_phone"):
        assert not parse(fields[key], raw, DEFINITIONS).readable, key


# -- nothing is not zero ------------------------------------------------------------------------

EMPTIED = [
    ("it_staff", None),
    ("it_staff", ""),
    ("it_staff", "   "),
    ("it_staff", "\u3000"),
    ("it_staff", "\u200b"),
    ("equip_est", None),
    ("is_above_scale", None),
    ("filing_consent", None),
    ("filing_consent", " "),
    ("founded_on", None),
    ("ownership", None),
    ("league", None),
    ("srdi_level", None),
    ("contact_name", None),
    ("contact_phone", None),
    (OUTPUT, None),
    (SHARE, None),
    ("products.3.output", None),
]


@pytest.mark.parametrize(("path", "nothing"), EMPTIED)
def test_an_emptied_cell_is_a_deletion_never_a_zero_or_a_no(
    path, nothing, post, book, tmp_path: Path
):
    returned_with(book, path, nothing, tmp_path / "退回.xlsx")
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", Outcome(put_into(path, None)))


# -- answers with parts -------------------------------------------------------------------------

FOUND = {"equipment": {"self_reported": 50, "onsite": 0, "remark": "现场未见"}, "staff": 300}
BY_PARTS = {"self_reported": 3, "onsite": 4, "verified": 5, "not_applicable": 7}
ANSWERED = [
    ("equipment.onsite", None, {"equipment": {"self_reported": 50, "remark": "现场未见"}}),
    ("equipment.self_reported", " ", {"equipment": {"onsite": 0, "remark": "现场未见"}}),
    ("equipment.verified", "48台", {"equipment": {**FOUND["equipment"], "verified": 48}}),
    ("staff.onsite", None, {"staff": None}),
    ("staff.onsite", 0, "不小于 1 人"),
    ("staff.self_reported", "约1", "不小于 0 的整数"),
    ("staff.onsite", "不适用：没有此类业务", "不小于 0 的整数"),
    ("staff.not_applicable", "没有此类业务", "不允许标为不适用"),
    (
        "sells_smart_products.onsite",
        "不适用：没有此类业务",
        {"sells_smart_products": {"not_applicable": "没有此类业务"}},
    ),
    (
        "sells_smart_products.onsite",
        "不适用",
        {"sells_smart_products": {"not_applicable": "未说明理由"}},
    ),
    ("sells_smart_products.onsite", "不详", "是 或 否"),
    ("software_basket.erp.onsite", "不适用", {"software_basket": {"erp": "not_applicable"}}),
    ("levels.sales.onsite", 0, {"levels": {"sales": "0"}}),
    ("levels.sales.onsite", "/", {}),
]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Post, Workbook]:
    """A case with answers found on site, and the form of them that was sent."""
    folder = tmp_path_factory.mktemp("recorded") / NAME
    case = create(folder, {"annex_6": FOUND}, DEFINITIONS, "测试")
    content = sent(case, "xlsx", "annex_6")
    return Post(case.folder, {"xlsx": content}), load_workbook(BytesIO(content))


@pytest.mark.parametrize(("path", "raw", "outcome"), ANSWERED)
def test_the_parts_of_an_answer_are_read_one_by_one(path, raw, outcome, recorded, tmp_path: Path):
    post, book = recorded
    key, _, part = path.rpartition(".")
    sheet, row = spot_of(book, key, "annex_6")
    cell = sheet.cell(row, BY_PARTS[part])
    stood, cell.value = cell.value, raw
    book.save(tmp_path / "退回.xlsx")
    cell.value = stood
    place = f"{sheet.title}!{cell.coordinate}"
    expected = refused(place, outcome) if isinstance(outcome, str) else Outcome(outcome)
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", expected)
