"""What is printed where: an annex and a case become the sheets of a form, in no file format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.forms.paper import grouping
from dxkit.forms.paper.columns import room_across
from dxkit.forms.paper.entries import Source, dated, inline, is_signed
from dxkit.forms.paper.guidance import guidance
from dxkit.forms.paper.header import Told, filled_in, header_of
from dxkit.forms.paper.sheets import (
    Block,
    Cards,
    Entry,
    Form,
    Grid,
    Pair,
    Question,
    Questions,
    Rows,
    Sheet,
)
from dxkit.forms.paper.tables import Tables
from dxkit.forms.record_parts import LABELS
from dxkit.forms.returned import Stamp
from dxkit.models.annex import Annex, Choice, Field, FieldType, Section


def form_of(
    case: Case | None,
    annex: Annex,
    definitions: Definitions,
    stamp: Stamp | None = None,
    blank: bool = False,
) -> Form:
    """Return the sheets of a form.

    Args:
        case: whose form; None gives a blank one without even the common header.
        annex: the form.
        definitions: the set the annex belongs to.
        stamp: what the form says about itself; None for a form that is only looked at.
        blank: leave every field empty, with rows enough to fill in by hand.
    """
    blank = blank or case is None
    return _Layout(case, annex, definitions, blank).form(stamp or _unsent(annex, blank))


def _unsent(annex: Annex, blank: bool) -> Stamp:
    return Stamp("", annex.id, "", 0, "", annex.edition, blank)


@dataclass(frozen=True)
class _Layout:
    """Lays out one annex of one case."""

    case: Case | None
    annex: Annex
    definitions: Definitions
    blank: bool

    def form(self, stamp: Stamp) -> Form:
        annex = self.annex
        sheets = [self._sheet(section) for section in annex.sections]
        return Form(
            annex=annex.id,
            mark=annex.mark,
            title=annex.title,
            edition=annex.edition,
            form_no=stamp.form_no,
            restricted=annex.restricted,
            landscape=annex.orientation == "landscape",
            stamp=stamp,
            header=tuple((each.label, each.text) for each in self._header),
            note=annex.note,
            sheets=tuple(sheet for sheet in sheets if sheet is not None),
            guidance=tuple(guidance(annex)) if self.blank else (),
        )

    @property
    def _header(self) -> tuple[Told, ...]:
        return header_of(self.case, self.definitions, self.annex)

    def _sheet(self, section: Section) -> Sheet | None:
        landscape = (section.orientation or self.annex.orientation) == "landscape"
        blocks = tuple(_Blocks(self, section, landscape).all())
        if not blocks and not section.text:
            return None
        everything = header_of(self.case, self.definitions)
        text = tuple(filled_in(each, everything) for each in section.text)
        if blocks and isinstance(blocks[0], Cards):
            lettered = replace(blocks[0], title=section.title, note=section.note, text=text)
            return Sheet("", landscape, blocks=(lettered, *blocks[1:]))
        fine = section.text_size == "form"
        titled = _titled(blocks, section)
        head = (section.title, landscape, section.note)
        return Sheet(*head, text, titled, new_page=section.new_page, fine=fine)

    @property
    def source(self) -> Source:
        """Return where the values come from: nowhere if the form is blank."""
        return Source(None if self.blank else self.case, self.annex, self.definitions)


def _titled(blocks: tuple[Block, ...], section: Section) -> tuple[Block, ...]:
    """Leave out the title of a table that the heading of its section already names."""

    def titled(block: Block) -> Block:
        if not isinstance(block, Rows | Grid | Questions):
            return block
        named = len(blocks) == 1 or block.title == section.title
        return replace(block, title="") if named else block

    return tuple(map(titled, blocks))


class _Blocks:
    """Lays out the fields of one section in their order, boxes to sign in last."""

    def __init__(self, layout: _Layout, section: Section, landscape: bool) -> None:
        self._source = layout.source
        self._tables = Tables(self._source, layout.blank)
        self._grouping = grouping.LANDSCAPE if landscape else grouping.PORTRAIT
        self._room = room_across(landscape)
        self._section = section
        self._record = layout.annex.answers == "record"
        self._fields = [field for field in section.fields if field.paper]

    def all(self) -> Iterator[Block]:
        boxes = [field for field in self._fields if is_signed(field)]
        others = [field for field in self._fields if not is_signed(field)]
        for (kind, _), run in groupby(others, self._kind):
            yield from self._run(kind, list(run))
        yield from self._grouping.boxes([self._pair(field) for field in boxes])

    def _kind(self, field: Field) -> tuple[str, str]:
        """Return how a field is laid out, and with which others in one list.

        Beside boxes to sign a record form asks plainly.
        """
        if field.type is FieldType.TABLE:
            return "table", ""
        signing = any(is_signed(each) for each in self._fields)
        if self._record and not signing:
            return "question", field.key if field.type is FieldType.GRID else ""
        return "grid" if field.type is FieldType.GRID else "pair", ""

    def _run(self, kind: str, fields: Sequence[Field]) -> Iterator[Block]:
        match kind:
            case "table":
                for field in fields:
                    yield from self._tables.blocks(field, self._grouping, self._room)
            case "grid":
                yield from map(self._grid, fields)
            case "question":
                yield self._questions(fields)
            case _:
                yield from self._grouping.pairs([self._pair(field) for field in fields])

    def _pair(self, field: Field) -> Pair:
        label = f"{field.no} {field.label}".strip()
        entry = self._source.asked(field)
        return Pair(field.key, label, dated(entry, self._source.answers))

    def _value(self, key: str) -> Any:
        return self._source.answers.get(key)

    def _grid(self, field: Field) -> Grid:
        columns = tuple(column for column in field.columns if column.paper)
        rows = tuple(
            (row.code, row.label, tuple(self._cell(each, row.code) for each in columns))
            for row in field.rows
        )
        return Grid(field, field.label, rows, self._source.to_write(columns, inline))

    def _cell(self, column: Field, row: str) -> Pair:
        value = (self._value(column.key) or {}).get(row)
        entry = self._source.cell(column, value, row)
        return Pair(f"{column.key}.{row}", column.label, entry)

    def _questions(self, fields: Sequence[Field]) -> Questions:
        """Return questions as one list; a grid is one of its own, a question to each row."""
        if fields[0].type is not FieldType.GRID:
            return Questions(tuple(map(self._question, fields)))
        grid = fields[0]
        first, *others = (column for column in grid.columns if column.paper)
        asked = tuple(self._grid_question(first, others, row) for row in grid.rows)
        title = f"{grid.no} {grid.label}".strip()
        return Questions(asked, title, tuple(others), self._source.legend(first))

    def _question(self, field: Field) -> Question:
        if field.type is FieldType.COMPUTED:
            parts = {"onsite": self._source.entry(field)}
        else:
            raw = self._value(field.key)
            parts = self._source.parts(field, raw)
            if raw is None and (why := self._source.why_not_asked(field)):
                parts["onsite"] = Entry(field, why)
        return Question(field.key, field.no, field.label, field, parts)

    def _grid_question(self, column: Field, others: Sequence[Field], row: Choice) -> Question:
        raw = (self._value(column.key) or {}).get(row.code)
        parts = self._source.parts(column, raw, brief=True)
        answers = {each.key: self._parts_beside(each, row.code) for each in others}
        beside = tuple(
            Pair(f"{each.key}.{row.code}", each.label, answers[each.key]["onsite"])
            for each in others
        )
        told = tuple(
            Pair(
                f"{each.key}.{row.code}.{part}",
                f"{each.label}·{LABELS[part]}",
                Entry(entry.field, entry.text),
            )
            for each in others
            for part, entry in answers[each.key].items()
            if part != "onsite" and entry.text
        )
        return Question(f"{column.key}.{row.code}", "", row.label, column, parts, beside, told)

    def _parts_beside(self, column: Field, row: str) -> dict[str, Entry]:
        return self._source.parts(column, (self._value(column.key) or {}).get(row))
