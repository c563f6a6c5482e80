"""Files that come back as something else, broken or hostile, and tables that come back as CSV."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from tests.mutilations import (
    PRODUCTS,
    Outcome,
    Post,
    judge,
    listed,
    new_case,
    parts_of,
    read,
    refused,
    sent,
    turned_away,
    with_parts,
)

ROD = {"product": "铝棒", "capacity": 500}
ADDED = read(products=[*PRODUCTS, ROD])
NO_COLUMN = "表头中没有对应的栏目"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    case = new_case(tmp_path_factory.mktemp("sent"))
    return Post(case.folder, {kind: sent(case, kind) for kind in ("xlsx", "docx")})


# -- one table as CSV ---------------------------------------------------------------------------

HEAD = "产品名称,设计产能（年）"
PLAIN = f"{HEAD}\n铝箔,3000\n铝棒,500\n"

TABLES: list[tuple[str, bytes, Outcome]] = [
    ("utf_8", PLAIN.encode(), ADDED),
    ("byte_order_mark", PLAIN.encode("utf-8-sig"), ADDED),
    ("gbk", PLAIN.encode("gbk"), ADDED),
    (
        "gb18030_beyond_gbk",
        f"{HEAD}\n铝\U00020089,500\n".encode("gb18030"),
        read(products=[*PRODUCTS, {"product": "铝\U00020089", "capacity": 500}]),
    ),
    ("unicode_text_of_excel", PLAIN.replace(",", "\t").encode("utf-16"), ADDED),
    ("utf_16_other_way_round", b"\xfe\xff" + PLAIN.encode("utf-16-be"), ADDED),
    ("windows_line_ends", PLAIN.replace("\n", "\r\n").encode(), ADDED),
    ("old_mac_line_ends", PLAIN.replace("\n", "\r").encode(), ADDED),
    ("semicolons", PLAIN.replace(",", ";").encode(), ADDED),
    ("tabs", PLAIN.replace(",", "\t").encode("gbk"), ADDED),
    ("full_width_commas", PLAIN.replace(",", "，").encode(), ADDED),
    ("heads_by_key", b"product,capacity\n\xe9\x93\x9d\xe6\xa3\x92,500\n", ADDED),
    ("heads_with_spaces", " 产品 名称 , 设计产能(年) \n铝棒,500\n".encode(), ADDED),
    ("columns_swapped", "设计产能（年）,产品名称\n500,铝棒\n".encode(), ADDED),
    (
        "unit_in_a_head",
        "产品名称,营收占比（%）\n铝棒,5%\n".encode(),
        read(products=[*PRODUCTS, {"product": "铝棒", "revenue_share": 5}]),
    ),
    (
        "quoted_separator",
        f'{HEAD}\n铝棒,"5,00"\n'.encode(),
        refused("第2行第2列", "数字", products=[*PRODUCTS, {"product": "铝棒"}]),
    ),
    ("quoted_thousands", f'{HEAD}\n铝箔,"3,000"\n铝棒,500\n'.encode(), ADDED),
    (
        "quoted_newline",
        f'{HEAD}\n"铝\n棒",500\n'.encode(),
        read(products=[*PRODUCTS, {"product": "铝\n棒", "capacity": 500}]),
    ),
    ("empty_lines", f"{HEAD}\n\n,\n铝棒,500\n\n".encode(), ADDED),
    ("short_row", f"{HEAD}\n铝棒\n".encode(), read(products=[*PRODUCTS, {"product": "铝棒"}])),
    (
        "row_too_long",
        f"{HEAD}\n铝棒,500,多余\n".encode(),
        Outcome(ADDED.changed, listed=(("第2行第3列", NO_COLUMN),)),
    ),
    (
        "column_of_their_own",
        f"{HEAD},备注\n铝棒,500,新\n".encode(),
        Outcome(ADDED.changed, listed=(("第1行第3列", NO_COLUMN),)),
    ),
    (
        "column_twice",
        f"{HEAD},产品名称\n铝棒,500,铜棒\n".encode(),
        Outcome(ADDED.changed, listed=(("第1行第3列", NO_COLUMN),)),
    ),
    (
        "row_of_totals",
        f"{HEAD}\n铝棒,500\n合计,6500\n".encode(),
        Outcome(ADDED.changed, listed=(("第3行", "合计行"),)),
    ),
    (
        "formula",
        f"{HEAD}\n=cmd|'/c calc'!A1,500\n".encode(),
        read(products=[*PRODUCTS, {"product": "=cmd|'/c calc'!A1", "capacity": 500}]),
    ),
    (
        "words_for_a_number",
        f"{HEAD}\n铝棒,约五百\n".encode(),
        refused("第2行第2列", "数字", products=[*PRODUCTS, {"product": "铝棒"}]),
    ),
    ("texts_kept_as_formulas", f'{HEAD}\n="铝棒",="500"\n'.encode("gbk"), ADDED),
    ("nul_bytes", PLAIN.replace("铝棒", "铝\0棒").encode(), ADDED),
    ("only_known_rows", f"{HEAD}\n铝锭,1000\n".encode(), read()),
    ("only_a_head", f"{HEAD}\n".encode(), read()),
    ("no_head", b"\xe9\x93\x9d\xe6\xa3\x92,500\n", turned_away("第一行为栏目")),
    ("a_title_above_the_head", f"主营产品\n{PLAIN}".encode(), turned_away("第一行为栏目")),
    ("an_open_quote", f'{HEAD}\n铝棒,"500\n铝线,7\n'.encode(), turned_away("不是完好的 CSV")),
    ("an_endless_field", f"{HEAD}\n{'长' * 200_000},5\n".encode(), turned_away("不是完好的 CSV")),
    ("a_picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), turned_away("编码无法识别")),
    ("nothing", b"", turned_away("空文件")),
]


@pytest.mark.parametrize(
    ("content", "outcome"), [each[1:] for each in TABLES], ids=[each[0] for each in TABLES]
)
def test_a_table_is_read_from_csv_or_what_is_not_read_is_listed(
    content, outcome, post, tmp_path: Path
):
    (tmp_path / "产品.csv").write_bytes(content)
    judge(post.taken_by(tmp_path), tmp_path / "产品.csv", outcome, "products")


@pytest.mark.parametrize("table", ["", "产品", "contact_name"])
def test_a_csv_of_no_table_is_turned_away_with_the_tables_there_are(table, post, tmp_path: Path):
    (tmp_path / "产品.csv").write_bytes(PLAIN.encode())
    outcome = turned_away("products（主营产品及产能）")
    judge(post.taken_by(tmp_path), tmp_path / "产品.csv", outcome, table)


# -- other files under the name of a form -------------------------------------------------------


def other_workbook(_post: Post) -> bytes:
    stream = BytesIO()
    book = Workbook()
    book.worksheets[0]["A1"].value = "采购合同"
    book.save(stream)
    return stream.getvalue()


def other_document(_post: Post) -> bytes:
    stream = BytesIO()
    document = Document()
    document.add_paragraph("采购合同")
    document.save(stream)
    return stream.getvalue()


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return stream.getvalue()


def link_to(target: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    entry = zipfile.ZipInfo("word/media/link")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry, target


def with_entry(content: bytes, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    stream = BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        for name, each in entries:
            package.writestr(name, each)
    return stream.getvalue()


def declared(content: bytes, name: str, before: bytes) -> bytes:
    """Put a declaration in front of the first element of a part."""
    part = parts_of(content)[name]
    end = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
    return with_parts(content, {name: part[:end] + before + part[end:]})


def retyped(content: bytes, old: bytes, new: bytes) -> bytes:
    types = parts_of(content)["[Content_Types].xml"]
    assert old in types
    return with_parts(content, {"[Content_Types].xml": types.replace(old, new)})


LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
LINKED = (
    b'<Relationship Id="out" TargetMode="External" Target="http://192.0.2.1/template.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'attachedTemplate"/></Relationships>'
)

FOOTNOTE = (
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="2"><w:p><w:r><w:t>李工已离职</w:t></w:r></w:p></w:footnote></w:footnotes>'
).encode()
_NAMESPACE = re.compile(
    rb"http://schemas\.openxmlformats\.org/"
    rb"(spreadsheetml|wordprocessingml|officeDocument)/2006/(main|relationships)"
)


def spelt_strictly(content: bytes) -> bytes:
    """Write a file with the names of the strict form of the standard."""
    told = {}
    for name, part in parts_of(content).items():
        if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
            told[name] = _NAMESPACE.sub(rb"http://purl.oclc.org/ooxml/\1/\2", part)
    return with_parts(content, told)


HOSTILE: list[tuple[str, Callable[[Post], bytes], Outcome]] = [
    ("old_word.docx", lambda _: OLE + b"\0" * 600, turned_away("旧版格式")),
    ("old_wps.wps", lambda _: OLE + b"\0" * 600, turned_away("另存为 .docx")),
    ("old_wps.et", lambda _: OLE + b"\0" * 600, turned_away("另存为 .xlsx")),
    ("old_excel.xlsx", lambda _: OLE + b"\0" * 600, turned_away("旧版格式")),
    (
        "locked.docx",
        lambda _: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        turned_away("打开密码"),
    ),
    ("rich_text.docx", lambda _: b"{\\rtf1\\ansi \xc2\xdc}", turned_away("不是完好的 docx")),
    ("printed.docx", lambda _: b"%PDF-1.7\n%\xe2\xe3", turned_away("不是完好的 docx")),
    ("web_page.xlsx", lambda _: b"<html><table></table></html>", turned_away("不是完好的 xlsx")),
    ("photo.xlsx", lambda _: b"\xff\xd8\xff\xe0\0\x10JFIF", turned_away("不是完好的 xlsx")),
    ("nothing.docx", lambda _: b"", turned_away("不是完好的 docx")),
    ("nothing.xlsx", lambda _: b"", turned_away("不是完好的 xlsx")),
    ("form.pdf", lambda _: b"%PDF-1.7", turned_away("无法辨认的文件（.pdf）")),
    ("form", lambda _: b"", turned_away("无法辨认的文件")),
    ("other.xlsx", other_workbook, turned_away("没有一项能够认出")),
    ("other.docx", other_document, turned_away("没有说明是哪一张表")),
    ("really_excel.docx", lambda post: post.files["xlsx"], read()),
    ("really_word.xlsx", lambda post: post.files["docx"], read()),
    ("really_word.csv", lambda post: post.files["docx"], read()),
    ("torn.docx", lambda post: post.files["docx"][:-400], turned_away("已损坏")),
    ("torn_in_the_middle.xlsx", lambda post: post.files["xlsx"][:9000], turned_away("已损坏")),
    (
        "open_document.xlsx",
        lambda _: zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")),
        turned_away("不是 xlsx 文件"),
    ),
    (
        "torn_text.docx",
        lambda post: with_parts(post.files["docx"], {"word/document.xml": b"<w:document"}),
        turned_away("word/document.xml 已损坏"),
    ),
    (
        "no_text.docx",
        lambda post: with_parts(post.files["docx"], {"word/document.xml": None}),
        turned_away("找不到正文"),
    ),
    (
        "no_sheets.xlsx",
        lambda post: with_parts(
            post.files["xlsx"], {f"xl/worksheets/sheet{n}.xml": None for n in range(1, 15)}
        ),
        turned_away("没有工作表"),
    ),
    (
        "macros.xlsx",
        lambda post: with_parts(post.files["xlsx"], {"xl/vbaProject.bin": b"\0"}),
        turned_away("含有宏"),
    ),
    (
        "macros.docx",
        lambda post: with_parts(post.files["docx"], {"word/vbaProject.bin": b"\0"}),
        turned_away("含有宏"),
    ),
    (
        "macros_enabled.xlsx",
        lambda post: retyped(
            post.files["xlsx"],
            b"openxmlformats-officedocument.spreadsheetml.sheet.main",
            b"ms-excel.sheet.macroEnabled.main",
        ),
        turned_away("启用宏"),
    ),
    (
        "an_object_within.docx",
        lambda post: with_parts(post.files["docx"], {"word/embeddings/oleObject1.bin": OLE}),
        turned_away("嵌入"),
    ),
    (
        "a_sheet_that_is_a_macro.xlsx",
        lambda post: with_parts(post.files["xlsx"], {"xl/macrosheets/sheet1.xml": b"<x/>"}),
        turned_away("含有宏"),
    ),
    (
        "strict.xlsx",
        lambda post: spelt_strictly(post.files["xlsx"]),
        turned_away("Strict Open XML"),
    ),
    (
        "strict.docx",
        lambda post: spelt_strictly(post.files["docx"]),
        read(),
    ),
    (
        "notes_at_the_foot.docx",
        lambda post: with_parts(post.files["docx"], {"word/footnotes.xml": FOOTNOTE}),
        listed(("脚注", "脚注不读入")),
    ),
    (
        "document_type.docx",
        lambda post: declared(post.files["docx"], "word/document.xml", b"<!DOCTYPE x>"),
        turned_away("文档类型或实体"),
    ),
    (
        "entities.docx",
        lambda post: declared(post.files["docx"], "word/document.xml", LAUGHS),
        turned_away("文档类型或实体"),
    ),
    (
        "entities_from_outside.xlsx",
        lambda post: declared(post.files["xlsx"], "xl/workbook.xml", OUTSIDE),
        turned_away("文档类型或实体"),
    ),
    (
        "too_deep.docx",
        lambda post: with_parts(
            post.files["docx"], {"word/document.xml": b"<a>" * 300 + b"</a>" * 300}
        ),
        turned_away("嵌套过深"),
    ),
    (
        "bomb.docx",
        lambda post: with_parts(post.files["docx"], {"word/media/a.png": b"\0" * (60 << 20)}),
        turned_away("压缩炸弹"),
    ),
    (
        "bomb.xlsx",
        lambda post: with_parts(post.files["xlsx"], {"xl/media/a.png": b"\0" * (60 << 20)}),
        turned_away("压缩炸弹"),
    ),
    (
        "too_many.xlsx",
        lambda post: with_parts(post.files["xlsx"], {f"xl/media/{n}": b"" for n in range(4100)}),
        turned_away("条目过多"),
    ),
    (
        "leading_out.docx",
        lambda post: with_entry(post.files["docx"], ("../../evil.txt", b"x")),
        turned_away("路径越界"),
    ),
    (
        "leading_to_the_root.xlsx",
        lambda post: with_entry(post.files["xlsx"], ("/etc/cron.d/x", b"x")),
        turned_away("路径越界"),
    ),
    (
        "leading_out_on_windows.xlsx",
        lambda post: with_entry(post.files["xlsx"], ("..\\evil.txt", b"x")),
        turned_away("路径越界"),
    ),
    (
        "a_link_within.docx",
        lambda post: with_entry(post.files["docx"], link_to(b"/etc/passwd")),
        turned_away("链接"),
    ),
    (
        "the_same_name_twice.docx",
        lambda post: with_entry(post.files["docx"], ("WORD/document.xml", b"<x/>")),
        turned_away("同名条目"),
    ),
    (
        "a_program_within.docx",
        lambda post: with_entry(post.files["docx"], ("word/activeX/x.bin", b"MZ")),
        turned_away("含有宏或控件"),
    ),
    (
        "a_link_to_outside.docx",
        lambda post: with_parts(
            post.files["docx"], {"word/_rels/settings.xml.rels": RELATIONS + LINKED}
        ),
        read(),
    ),
]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("name", "make", "outcome"), HOSTILE, ids=[each[0] for each in HOSTILE])
def test_a_file_that_is_no_sound_form_is_turned_away_with_a_reason(
    name, make, outcome, post, tmp_path: Path
):
    (tmp_path / name).write_bytes(make(post))
    judge(post.taken_by(tmp_path), tmp_path / name, outcome)
    assert {path.name for path in tmp_path.iterdir()} == {name, "chenguang"}


def test_a_folder_or_a_missing_file_is_turned_away(post, tmp_path: Path):
    (tmp_path / "form.docx").mkdir()
    case = post.taken_by(tmp_path)
    judge(case, tmp_path / "form.docx", turned_away("form.docx"))
    judge(case, tmp_path / "missing.xlsx", turned_away("missing.xlsx"))
