"""What ODK Central and KoboToolbox would export after phones had sent the answers of a case."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from dxkit.case import Case
from dxkit.case.answers import flatten, read_answer
from dxkit.forms.xlsform.layout import ENDED, RECORDER, STAMP, Block, lay_out
from dxkit.forms.xlsform.survey import choices_of
from dxkit.models.annex import FieldType

SEVERAL = (FieldType.CHOICES, FieldType.INDICATORS)
STYLES = ("kobo_names", "kobo_labels", "central")
Lines = list[dict[str, Any]]


def sent_by_phone(case: Case, stamp: str, style: str) -> dict[str, Lines]:
    """Return the main sheet and one for each repeat, as a server heads and joins them."""
    layout = lay_out(case.definitions.annexes["annex_6"], case.definitions)
    main: dict[str, Any] = {STAMP: stamp, RECORDER: "张三", ENDED: "2026-10-13T15:20:09.123+08:00"}
    main |= {"KEY": "uuid:1"} if style == "central" else {"_id": 771, "_index": 1, "_uuid": "u-1"}
    if style == "kobo_labels":
        main["记录人"] = main.pop(RECORDER)
    sheets: dict[str, Lines] = {"main": [main]}
    flat = flatten(layout.annex, case.annex("annex_6"))
    for part in layout.parts:
        for block in part.blocks:
            if block.table is None:
                main |= dict(_answers(case, block, part.section.id, flat, style))
            elif rows := flat.get(block.table.key):
                sheets[block.name] = [_row(case, block, row, style) for row in rows]
    return sheets


def _answers(
    case: Case, block: Block, part: str, flat: dict[str, Any], style: str
) -> Iterator[tuple[str, Any]]:
    for asked in block.asked:
        answer = read_answer(flat.get(asked.path))
        if asked.role == "proof":
            value: Any = ["site_walk", "document_review"] if asked.path == "methods" else "李四"
        elif asked.role == "mark":
            value = True if answer.not_applicable is not None else None
        elif asked.role == "reason":
            value = answer.not_applicable
        else:
            value = answer.value if asked.role == "answer" else None
        if value is not None:
            group = (f"part_{part}", block.name) if style != "kobo_labels" else ()
            yield from _spelt(case, asked, value, style, group)


def _row(case: Case, block: Block, row: dict[str, Any], style: str) -> dict[str, Any]:
    joint: dict[str, Any] = {"_parent_index": 1, "_submission__id": 771, "_index": 9}
    line = {"PARENT_KEY": "uuid:1", "KEY": "uuid:1/r[1]"} if style == "central" else joint
    for asked in block.asked:
        value = row.get(asked.path) if asked.role == "answer" else None
        if value is not None:
            group = (block.name,) if style == "kobo_names" else ()
            line |= dict(_spelt(case, asked, value, style, group))
    return line


def _spelt(
    case: Case, asked: Any, value: Any, style: str, group: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    choices = {c.code: c.label for c in choices_of(asked.field, case.definitions)}
    if isinstance(value, bool):
        value = "yes" if value else "no"
    labelled = style == "kobo_labels"
    head = asked.label if labelled else asked.name
    head = ("-" if style == "central" else "/").join((*group, head))
    if asked.field.type in SEVERAL:
        yield head, " ".join(choices[each] if labelled else each for each in value)
        if style == "kobo_names":
            yield from ((f"{head}/{code}", int(code in value)) for code in choices)
    elif isinstance(value, list):
        yield head, "、".join(value)
    elif asked.field.type is FieldType.DATETIME:
        yield head, f"{value.replace(' ', 'T')}:00.000+08:00"
    elif asked.field.type is FieldType.TIME:
        yield head, f"{value}:00.000+08:00"
    else:
        yield head, choices.get(str(value), value) if labelled else value


def as_workbook(sheets: dict[str, Lines], path: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        heads = list(dict.fromkeys(head for line in lines for head in line))
        sheet = book.create_sheet(name[:31])
        for row in [heads, *([line.get(head) for head in heads] for line in lines)]:
            sheet.append(row)
    book.save(path)
    return path


def as_csv(lines: Lines, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    heads = list(dict.fromkeys(head for line in lines for head in line))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def as_zip(sheets: dict[str, Lines], path: Path, encoding: str = "utf-8") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, lines in sheets.items():
            suffix = "" if name == "main" else f"-{name}"
            package.writestr(f"dxkit_annex_6{suffix}.csv", as_csv(lines, encoding))
        package.writestr("media/1.jpg", b"\xff\xd8\xff")
    return path
