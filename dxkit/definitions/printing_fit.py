"""Whether forms can be printed as they say: columns on the page, cards and their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dxkit.definitions.files import Files
from dxkit.errors import Problem
from dxkit.models.annex import TEXT_WIDTH, TEXTS, Annex, Field, FieldType, Section

NARROWEST = 8
"""The millimetres that a column takes at least where the definition says no width."""

ROW_NUMBER = 10
"""The millimetres that the number of a table's row takes."""

ROW_LABEL = 30
"""The millimetres that the label of a grid's row takes at least."""


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield everything that the printed form could not show as the definition says."""
    yield from _headers(files)
    for file, annex in files.of(Annex).items():
        tables = {field.key: field for field in annex.fields if field.type is FieldType.TABLE}
        for section in annex.sections:
            if not (section.text or section.fields):
                yield Problem(file, section.id, "既无 text 也无 fields", "有文字或有字段的部分")
            for field in section.fields:
                if section.office and field.paper:
                    found = f"{section.id} 只供机构使用，却印在纸上"
                    yield Problem(file, f"{field.key}.paper", found, "paper: false")
                yield from _lengths(file, field)
                yield from _masks(file, field)
                yield from _widths(file, field)
                yield from _rows(file, field, annex)
                yield from _breadth(file, field, _text_width(annex, section))
                yield from _cards(file, field, tables)


def _headers(files: Files) -> Iterator[Problem]:
    """Name the places at the head of every form that two fields would take."""
    taken: dict[int, str] = {}
    for file, annex in files.of(Annex).items():
        for field in annex.fields:
            if field.header is None:
                continue
            if field.header in taken:
                found = f"{field.header}，与 {taken[field.header]} 相同"
                yield Problem(file, f"{field.key}.header", found, "各不相同的次序")
            taken.setdefault(field.header, f"{annex.id}.{field.key}")


def _text_width(annex: Annex, section: Section) -> int:
    return TEXT_WIDTH[section.orientation or annex.orientation]


def _lengths(file: str, field: Field) -> Iterator[Problem]:
    for place, each in ((field.key, field), *_columns(field)):
        if each.longest is not None and each.type not in TEXTS:
            yield Problem(file, f"{place}.longest", f"{each.type} 类字段", "只有文字有最多字数")
        if each.names is not None and each.type is not FieldType.TEXT:
            yield Problem(file, f"{place}.names", f"{each.type} 类字段", "只有 text 存放编号")


def _masks(file: str, field: Field) -> Iterator[Problem]:
    for place, each in ((field.key, field), *_columns(field)):
        if each.masked and each.type is not FieldType.PHONE:
            yield Problem(file, f"{place}.masked", f"{each.type} 类字段", "只有电话号码可以隐去")


def _widths(file: str, field: Field) -> Iterator[Problem]:
    if field.width is not None:
        yield Problem(file, f"{field.key}.width", "不是列", "只有列有宽度")
    for place, column in _columns(field):
        if column.width is not None and not column.paper:
            yield Problem(file, f"{place}.width", "不印在纸上的列有宽度", "印在纸上的列")


def _rows(file: str, field: Field, annex: Annex) -> Iterator[Problem]:
    """Name what is said of a grid's rows where there are none, or where each is a question."""
    if annex.answers == "record":
        said = {f"{field.key}.numbered": field.numbered}
        said |= {f"{field.key}.{each.key}.asked_of": bool(each.asked_of) for each in field.columns}
        found = "记录表的 grid 逐行印成题目"
        yield from (Problem(file, place, found, "不写") for place, it in said.items() if it)
    if field.numbered and not field.rows:
        found = f"{field.type} 类字段"
        yield Problem(file, f"{field.key}.numbered", found, "只有 grid 写 numbered")
    rows = [row.code for row in field.rows]
    for place, each in ((field.key, field), *_columns(field)):
        for code in each.asked_of:
            if each is field or code not in rows:
                yield Problem(file, f"{place}.asked_of", code, "grid 的列写明已有的行")


def _breadth(file: str, field: Field, room: int) -> Iterator[Problem]:
    # The card already shows the first column of the table that it carries.
    printed = [each for each in field.columns[bool(field.within) :] if each.paper]
    if field.columns and field.paper and not printed:
        yield Problem(file, field.key, "没有一列印在纸上", "整张表写 paper: false")
    if not field.paper or field.layout == "cards":
        return
    wide = sum(column.width or NARROWEST for column in printed)
    wide += ROW_LABEL if field.rows else 0
    wide += ROW_NUMBER if field.numbered or not field.rows else 0
    if wide > room:
        found = f"连同行首至少宽 {wide} 毫米"
        yield Problem(file, f"{field.key}.columns.width", found, f"不超过版心的 {room} 毫米")


def _cards(file: str, field: Field, tables: Mapping[str, Field]) -> Iterator[Problem]:
    if field.layout == "cards" and field.type is not FieldType.TABLE:
        yield Problem(file, f"{field.key}.layout", f"{field.type} 类字段", "只有 table 可印成卡片")
    if field.within is None:
        return
    cards = tables.get(field.within)
    if cards is None or cards.layout != "cards":
        yield Problem(file, f"{field.key}.within", field.within, "表中已有的、印成卡片的明细表")
    elif field.layout == "cards" or field.type is not FieldType.TABLE:
        yield Problem(file, f"{field.key}.within", "不是按行打印的明细表", "按行打印的明细表")
    elif (first := cards.columns[0].key) != field.columns[0].key:
        found = f"首列为 {field.columns[0].key}"
        yield Problem(file, f"{field.key}.within", found, f"首列与{cards.label}相同，为 {first}")


def _columns(field: Field) -> Iterator[tuple[str, Field]]:
    for column in field.columns:
        yield f"{field.key}.{column.key}", column
