"""How a report's tree reads as Typst markup in which every text is a quoted string."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

from lxml.html import HtmlElement

from dxkit.export import grid, inline, vocabulary
from dxkit.export.characters import codes_apart
from dxkit.export.document import Document, flow
from dxkit.export.numbering import Contents
from dxkit.export.pictures import picture
from dxkit.export.segments import Segment, is_page_break, segments
from dxkit.export.style_names import style_names

# A table row longer than this many lines may break over pages; any other stays in one piece.
_LINES_OF_LONG_ROW = 24
# Lines and rows as in report.typ, in points; a wide page has room for 440.
_LINE, _LINE_IN_CELL, _INSETS, _SHORT = 28, 16, 10, 300
_POINTS_PER_MM = 72 / 25.4
_CHARACTERS_IN_LINE = 20
_LISTS = {"ul": "bullets", "ol": "numbered"}
_CHARACTERS_ACROSS = {False: 42, True: 60}

# An empty paragraph or cell is a blank line, as in Word; Typst would give it no height.
_BLANK = '#"\u00a0"'
_BESIDE_TABLE = "#look.beside-table"


def quoted(text: str) -> str:
    """Return a Typst string literal: nothing in `text` is evaluated."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class Markup:
    """The markup of one document, with the pictures that it refers to by file name."""

    def __init__(self, document: Document) -> None:
        self.pictures: dict[str, bytes] = {}
        self._contents: Contents = document.contents
        self._grid = document.grid
        self._wide = False
        self.source = "".join(self._lines(document))

    def _lines(self, document: Document) -> Iterator[str]:
        yield '#import "report.typ" as look\n#show: look.report.with('
        yield f"title: {quoted(document.title)}, author: {quoted(document.author)}, "
        yield f"subject: {quoted(document.subject)}, identity: {quoted(document.identity)}, "
        yield f"date: {_date(document.dated)})\n"
        parts = segments(document.body)
        for segment in parts:
            yield from self._sheet(segment, is_last=segment is parts[-1])

    def _sheet(self, segment: Segment, is_last: bool) -> Iterator[str]:
        self._wide = segment.landscape
        flags = f"landscape: {_flag(segment.landscape)}, starts: {_flag(segment.starts)}"
        yield f"#look.sheet({quoted(segment.part)}, {flags})[\n"
        gaps = dict(style_names().cover_gaps) if segment.part == "cover" else {}
        for block in segment.blocks:
            for name in vocabulary.classes(block):
                if name in gaps:
                    yield f"#look.gap({gaps.pop(name)}pt)\n"
            yield self._block(block) + "\n"
        if is_last:
            anchors = [quoted(entry.anchor) for entry in self._contents.entries()]
            yield f"#look.publish-pages(({_listed(anchors)}))"
        yield "]\n"

    def _block(self, block: HtmlElement, plain: str = "indent") -> str:
        match block.tag:
            case "h1" | "h2" | "h3" | "h4":
                made = f"#heading(level: {block.tag[1]}, {_body(block)})"
            case "p":
                name = (vocabulary.classes(block) or [plain])[0]
                made = f"#look.{name}({_body(block)})"
            case "ul" | "ol":
                items = _listed(f"[{self._flow(item, 'plain')}]" for item in block)
                made = f"#look.{_LISTS[block.tag]}(({items}), nested: {_flag(plain == 'plain')})"
            case "table":
                return self._table_with_room(block)
            case "figure":
                made = self._figure(block)
            case _:
                return self._division(block)
        return made + _label(block)

    def _division(self, block: HtmlElement) -> str:
        if is_page_break(block):
            return "#pagebreak(weak: true)"
        for name in vocabulary.PLACEHOLDERS:
            if vocabulary.has_class(block, name):
                return self._list(name)
        whole = "whole" if self._is_short(block) else "keep"
        made = f"#look.{whole}[{self._flow(block)}]"
        # The room under a table is lost at the end of what it stands in.
        return made + _BESIDE_TABLE if len(block) and block[-1].tag == "table" else made

    def _is_short(self, block: HtmlElement) -> bool:
        """Tell whether a block fits on any page for certain, so that Typst need not measure it."""
        if block.find(".//figure") is not None or block.find(".//td//table") is not None:
            return False
        tables = map(self._grid, block.iter("table"))
        rows = (self._height(row, made) for made in tables for row in made.rows)
        texts = ("p", "li", "br", *vocabulary.HEADINGS)
        lines = (len(text.text_content()) // _CHARACTERS_IN_LINE + 1 for text in block.iter(*texts))
        return sum(rows) + _LINE * sum(lines) < _SHORT

    def _height(self, row: list[grid.Cell], made: grid.Grid) -> float:
        """Return how high a row is in points, rather too much than too little."""
        lines = max((self._lines_needed(cell, made) for cell in row), default=0)
        least = max((made.height_of(cell) for cell in row), default=0) * _POINTS_PER_MM
        return max(least, _LINE_IN_CELL * (lines + 1)) + _INSETS

    def _list(self, name: str) -> str:
        level_of_captions = 0 if name == "toc" else 2
        lines = [
            f"#look.contents-line({quoted(entry.anchor)}, {entry.level + level_of_captions})"
            f"[#{quoted(entry.text)}]"
            for entry in self._contents.listed(name)
        ]
        return "\n".join(lines) or f"#look.empty[#{quoted('无')}]"

    def _flow(self, holder: HtmlElement, plain: str = "indent") -> str:
        return "".join(
            _inline(block) if block is holder else self._block(block, plain)
            for block in flow(holder)
        )

    def _table_with_room(self, table: HtmlElement) -> str:
        ahead = _BESIDE_TABLE if grid.needs_room_above(table) else ""
        return f"{ahead}{self._table(table)}{_label(table)}{_BESIDE_TABLE}"

    def _table(self, table: HtmlElement) -> str:
        made = self._grid(table)
        lines = [self._row(row, made) for row in made.rows]
        heads = _listed(cell for row in lines[: made.heads] for cell in row)
        cells = _listed(cell for row in lines[made.heads :] for cell in row)
        shares = _listed(f"{share * 1000:.1f}fr" for share in made.shares)
        caption = table.find("caption")
        words = "none" if caption is None else f"[{_inline(caption)}]"
        return f"#look.tabular(columns: ({shares}), heads: ({heads}), caption: {words}, {cells})"

    def _row(self, row: list[grid.Cell], made: grid.Grid) -> list[str]:
        # One cell that may not break keeps all others of its row from breaking, and cuts them.
        breaks = any(self._lines_needed(cell, made) > _LINES_OF_LONG_ROW for cell in row)
        return [self._cell(cell, made, breaks) for cell in row]

    def _cell(self, cell: grid.Cell, made: grid.Grid, breaks: bool) -> str:
        """Return a cell; Typst places cells one behind another, as the grid has it."""
        names = vocabulary.classes(cell.element)
        kinds = [name for name in names if name != "seal-box"]
        if cell.element.tag == "th":
            kinds.insert(0, "head")
        options = []
        if kinds:
            options.append(f"kinds: ({_listed(quoted(kind) for kind in kinds)})")
        if (cell.colspan, cell.rowspan) != (1, 1):
            options.append(f"span: ({cell.colspan}, {cell.rowspan})")
        if height := made.height_of(cell):
            options.append(f"least: {height}mm")
        if breaks:
            options.append("breakable: true")
        body = self._cell_body(cell.element)
        if not options:
            return body
        # A report has thousands of cells: the usual ones are written in the fewest words.
        if kinds == ["mid"] and len(options) == 1:
            return f"look.mid({body})"
        return f"look.cell({', '.join([*options, body])})"

    def _cell_body(self, element: HtmlElement) -> str:
        blocks = flow(element)
        return _body(element) if blocks == [element] else f"[{self._flow(element, 'plain')}]"

    def _lines_needed(self, cell: grid.Cell, made: grid.Grid) -> float:
        share = sum(made.shares[cell.column : cell.column + cell.colspan])
        across = max(1, math.floor(share * _CHARACTERS_ACROSS[self._wide]) - 1)
        return len(cell.element.text_content()) / across

    def _figure(self, figure: HtmlElement) -> str:
        shown = picture(figure)
        name = f"picture-{len(self.pictures) + 1}.png"
        self.pictures[name] = shown.content
        caption = figure.find("figcaption")
        words = "none" if caption is None else f"[{_inline(caption)}]"
        return (
            f"#look.picture({quoted(name)}, ({shown.width:.3f}cm, {shown.height:.3f}cm), "
            f"{quoted(shown.description)}, caption: {words})"
        )


def _label(block: HtmlElement) -> str:
    return f"#label({quoted(block.get('id'))})" if block.get("id") else ""


def _body(paragraph: HtmlElement) -> str:
    """Return a paragraph as an argument of a function: a mere string where it is one."""
    match inline.runs(paragraph):
        case [run] if run == inline.Run(run.text) and run.text != inline.LINE_BREAK:
            if len(codes_apart(run.text)) == 1 and not codes_apart(run.text)[0][1]:
                return quoted(run.text)
    return f"[{_inline(paragraph)}]"


def _inline(paragraph: HtmlElement) -> str:
    return "".join(_run(run) for run in inline.runs(paragraph)) or _BLANK


def _run(run: inline.Run) -> str:
    made = "#linebreak()" if run.text == inline.LINE_BREAK else _words(run.text)
    for wrapper, applies in (
        ("look.code", run.code),
        ("look.em", run.emphasis),
        ("look.strong", run.strong),
        (f"look.{run.raised}", bool(run.raised)),
        (f"link(label({quoted(run.target)}))", bool(run.target)),
    ):
        if applies:
            made = f"#{wrapper}[{made}]"
    return made


def _words(text: str) -> str:
    pieces = codes_apart(text)
    return "".join(f"#box[#{quoted(p)}]" if is_code else f"#{quoted(p)}" for p, is_code in pieces)


def _listed(items: Iterator[str] | list[str]) -> str:
    return "".join(f"{item}, " for item in items)


def _date(dated: date | None) -> str:
    return (
        f"datetime(year: {dated.year}, month: {dated.month}, day: {dated.day})" if dated else "auto"
    )


def _flag(value: bool) -> str:
    return "true" if value else "false"
