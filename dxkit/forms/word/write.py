"""How the sheets of a form become a Word file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dxkit.errors import ExportError, os_problem
from dxkit.export.word.xml import Element, w
from dxkit.forms import marks
from dxkit.forms.marks import mark
from dxkit.forms.paper.columns import room_across
from dxkit.forms.paper.sheets import (
    Block,
    Cards,
    Form,
    Grid,
    Pairs,
    Questions,
    Rows,
    Sheet,
    Signing,
)
from dxkit.forms.word.cards import cards
from dxkit.forms.word.fixed_rows import grid
from dxkit.forms.word.lines import header, pairs, signing, with_boxes
from dxkit.forms.word.package import packed
from dxkit.forms.word.pages import KINDS, SECRECY, page_foot, page_head, section
from dxkit.forms.word.questions import questions
from dxkit.forms.word.rows import rows
from dxkit.forms.word.runs import hidden, paragraph, words
from dxkit.forms.word.spaces import gap, spacer
from dxkit.forms.word.tables import keep_with_next
from dxkit.forms.word.wording import heading, letter, notes

_BELOW_TABLE, _BELOW_LETTER = 4.0, 8.0  # points
_LONGEST_LINE, _FEW, _SHORT_LETTER = 20, 120, 300  # characters
_SENSE = re.compile("企业|诊断|服务项目|基础设施")


def write_word(form: Form, path: Path) -> None:
    """Write a form as a Word file, whole or not at all.

    Raises:
        ExportError: the file cannot be written, or the form styles cannot be read.
    """
    content = word_bytes(form)
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise ExportError(os_problem(error)) from error
    finally:
        half.unlink(missing_ok=True)


def word_bytes(form: Form) -> bytes:
    """Return a form as the bytes of a Word file."""
    heads = {f"head-{kind}": page_head(form) for kind in KINDS}
    feet = {f"foot-{kind}": page_foot(form, kind) for kind in KINDS}
    return packed(form, w("document", body(form)), heads | feet)


def body(form: Form) -> Element:
    """Return `w:body`: the head of the form, its sheets, what explains it."""
    landscape = form.sheets[0].landscape
    made = w("body", *_front(form, room_across(landscape)))
    for number, sheet in enumerate(form.sheets):
        if sheet.landscape != landscape:
            made.append(w("p", w("pPr", section(landscape))))
            landscape = sheet.landscape
        made.extend(_sheet(sheet, form, first=number == 0))
    if form.guidance:
        made.extend(_guidance(form, landscape))
    made.append(section(landscape, new_page=made.find(f".//{w('cols').tag}") is None))
    return made


def _front(form: Form, room: float) -> Iterator[Element]:
    line = f"{form.mark}　　{SECRECY}" if form.restricted else form.mark
    told = mark(marks.STATIC, line)
    stamp = mark(marks.STAMP, "", *form.stamp.as_text().split(":"))
    content = [hidden(stamp.spelt()), hidden(told.spelt()), *words(line)]
    yield paragraph("FormMark", content)
    yield _title(form.title)
    number = ("表单编号", form.form_no)
    yield header([number, ("表单版本", form.edition), *form.header], room)
    if form.note:
        yield heading("FormUnderHead", f"注：{form.note}")


def _title(title: str) -> Element:
    """Return the title; one too long for a line is broken by its sense, near the middle."""
    told = [hidden(mark(marks.STATIC, title).spelt())]
    breaks = [found.end() for found in _SENSE.finditer(title) if found.end() < len(title)]
    if len(title) <= _LONGEST_LINE or not breaks:
        return paragraph("FormTitle", [*told, *words(title)])
    half = min(breaks, key=lambda place: abs(place - len(title) / 2))
    parted = [*words(title[:half]), w("r", w("br")), *words(title[half:])]
    return paragraph("FormTitle", [*told, *parted])


def _sheet(sheet: Sheet, form: Form, first: bool) -> Iterator[Element]:
    room = room_across(sheet.landscape)
    if sheet.title:
        yield heading("FormHeading", sheet.title, new_page=sheet.new_page)
    yield from notes(sheet.note)
    blocks = list(with_boxes(sheet.blocks))
    yield from _letter(
        sheet, signed=any(boxes or isinstance(e, Signing) for e, boxes in blocks[:1])
    )
    for block, boxes in blocks:
        yield from _block(block, boxes, form, room, first)
        is_plain = isinstance(block, Pairs) and boxes is None
        yield spacer() if is_plain else gap("FormBody", _BELOW_TABLE)


def _letter(sheet: Sheet, signed: bool) -> Iterator[Element]:
    """Yield the fixed text of a sheet; a short one stays with the boxes in which it is signed."""
    together = sheet.fine or (signed and sum(map(len, sheet.text)) <= _SHORT_LETTER)
    yield from letter(sheet.text, sheet.fine, together)
    if sheet.text and sheet.blocks and not sheet.fine:
        below = gap("FormBody", _BELOW_LETTER)
        if together:
            keep_with_next([below])
        yield below


def _block(
    block: Block, boxes: Signing | None, form: Form, room: float, first: bool
) -> Iterator[Element]:
    match block:
        case Pairs():
            yield pairs(block, room, boxes=boxes)
        case Signing():
            yield signing(block, room)
        case Questions():
            yield from questions(block, room)
        case Rows():
            yield from rows(block, room)
        case Cards():
            yield from cards(block, form, room, first)
        case Grid():
            yield from grid(block, room)


def _guidance(form: Form, landscape: bool) -> Iterator[Element]:
    """Yield how to fill the form in, small and in two columns below all else.

    The heading stands in the first column, so that it stays with the text. A few words have no
    heading and no columns of their own.
    """
    if sum(len(text) for _, text in form.guidance) < _FEW:
        yield from (heading("FormTiny", f"填写说明：{text}") for _, text in form.guidance)
        return
    yield w("p", w("pPr", spacer()[0].find(w("spacing").tag), section(landscape)))
    yield heading("FormTableTitle", "填写说明")
    paragraphs = [
        heading("FormGuidance", f"{about}　{text}".strip()) for about, text in form.guidance
    ]
    paragraphs[-1][0].append(section(landscape, columns=2, new_page=False))
    yield from paragraphs
    yield spacer()
