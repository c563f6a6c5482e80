"""How the place of one value is made up: ticked or written, filled, derived or left empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import is_record, read_answer
from dxkit.definitions import Definitions
from dxkit.forms.paper.in_force import why_not_asked
from dxkit.forms.paper.parts import BELOW, COLUMNS, DISPUTE, REASON, TICKED
from dxkit.forms.paper.sheets import Entry, Option
from dxkit.forms.record_parts import VALUES, part_field
from dxkit.forms.values import (
    RowName,
    RowValues,
    answers_of,
    defined_words,
    shown_value,
    value_elsewhere,
)
from dxkit.forms.written.printed import (
    NOT_KNOWN,
    SEVERAL,
    brief_options,
    is_lettered,
    is_numbered,
    numbered,
    options_of,
    printed,
)
from dxkit.models.annex import CHOOSING, Annex, Field, FieldType

MOST_STACKED, LONGEST_STACKED = 2, 4
LONGEST_INLINE = 24

Ticks = Callable[[tuple[str, ...]], bool]


def always(_options: tuple[str, ...]) -> bool:
    """Tick whatever can be ticked."""
    return True


def stacked(options: tuple[str, ...]) -> bool:
    """Tick only few short options, one under the other, as the cell of a table has room for."""
    return len(options) <= MOST_STACKED and all(len(each) <= LONGEST_STACKED for each in options)


def inline(options: tuple[str, ...]) -> bool:
    """Tick only what stands in a line or two, as the cell of a grid has room for."""
    return sum(len(each) + 2 for each in options) <= LONGEST_INLINE


@dataclass(frozen=True)
class Source:
    """Where the values of a form come from; without a case every place stays empty."""

    case: Case | None
    annex: Annex
    definitions: Definitions

    @property
    def answers(self) -> Mapping[str, Any]:
        """Return the form's answers, none if it is blank."""
        return answers_of(self.case, self.annex) if self.case is not None else {}

    def entry(
        self,
        field: Field,
        value: Any = None,
        ticks: Ticks = always,
        row: RowName = None,
        beside: RowValues | None = None,
    ) -> Entry:
        """Return the place of a field, column or cell of a grid; as `shown_value` has it."""
        text = defined_words(field, self.definitions, row)
        if self.case is not None:
            text = shown_value(self.case, self.annex, field, value, row, beside)
            if value is not None and is_numbered(field):
                text = numbered(field, value, self.definitions)
            if not text and field.type is FieldType.COMPUTED:
                text = NOT_KNOWN
        return self._place(field, text, ticks)

    def asked(self, field: Field) -> Entry:
        """Return the place of a field of the form; if it is not in force that stands there."""
        raw = self.answers.get(field.key)
        value = read_answer(raw).value if is_record(raw) else raw
        entry = self.entry(field, value)
        why = "" if value is not None else self.why_not_asked(field)
        return Entry(field, why) if why and not entry.text else entry

    def why_not_asked(self, field: Field) -> str:
        """Return why a field of the form is not in force, in words to stand there."""
        if self.case is None:
            return ""
        return why_not_asked(field, self.answers, self._fields, self.definitions)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return {field.key: field for field in self.annex.fields}

    def cell(self, column: Field, value: Any, row: str) -> Entry:
        """Return the cell of a grid, ticked by signs where words have no room.

        Where a row is not asked there is nothing to tick, only what stands there all the same.
        """
        if not column.is_asked_of(row):
            return self.entry(column, value, _never, row)
        place = self.entry(column, value, inline, row)
        if place.options or not brief_options(column, self.definitions):
            return place
        return self._briefly(self.entry(column, value, row=row))

    def proposed(self, field: Field, value: Any, ticks: Ticks) -> Entry:
        """Return the place of a value that is proposed, not answered."""
        numbers = value is not None and is_numbered(field)
        say = numbered(field, value, self.definitions) if numbers else ""
        return self._place(field, say or printed(field, value, self.definitions), ticks)

    def _place(self, field: Field, text: str, ticks: Ticks) -> Entry:
        options = options_of(field, self.definitions)
        if is_lettered(field, self.definitions):
            signs = dict(zip(options, brief_options(field, self.definitions), strict=True))
            return Entry(field, signs.get(text, text))
        ticked = set(text.split(SEVERAL)) if text else set[str]()
        if not ticks(options) or not ticked <= set(options):
            return Entry(field, text)
        return Entry(field, text, tuple(Option(each, each in ticked) for each in options))

    def parts(self, field: Field, raw: Any, brief: bool = False) -> dict[str, Entry]:
        """Return the places of all parts of a recorded answer, by part.

        The ways of collecting are ticked by their signs; so is a `brief` answer if it has any.
        """
        answer = read_answer(raw)
        made: dict[str, Entry] = {}
        for part in COLUMNS + BELOW:
            asked, value = part_field(field, part), getattr(answer, part)
            value = list(value) if isinstance(value, tuple) else value
            ticks = always if part in TICKED else _never
            place = self._place(asked, self._told(asked, value), ticks)
            shortened = part == "methods" or (brief and part in VALUES)
            made[part] = self._briefly(place) if shortened else place
        reasons = {"reason": getattr(answer, REASON), "dispute": getattr(answer, DISPUTE)}
        made["onsite"] = Entry(field, made["onsite"].text, made["onsite"].options, **reasons)
        return made

    def _told(self, asked: Field, value: Any) -> str:
        """Return a part in words; what is not recorded may stand in another form."""
        if value is None and asked.prefill and self.case is not None:
            return value_elsewhere(self.case, asked.prefill)
        return printed(asked, value, self.definitions)

    def _briefly(self, entry: Entry) -> Entry:
        signs = brief_options(entry.field, self.definitions)
        if not signs:
            return entry
        meant = dict(zip(options_of(entry.field, self.definitions), signs, strict=True))
        options = tuple(Option(meant[each.label], each.ticked) for each in entry.options)
        several = entry.field.type is FieldType.CHOICES
        text = entry.text if several else meant.get(entry.text, entry.text)
        return Entry(entry.field, text, options)

    def legend(self, field: Field) -> tuple[str, ...]:
        """Return what the signs stand for that a brief answer is ticked by."""
        if not brief_options(field, self.definitions):
            return ()
        return (f"{field.label}：{'；'.join(options_of(field, self.definitions))}。",)

    def to_write(self, fields: tuple[Field, ...], ticks: Ticks) -> tuple[str, ...]:
        """Return what may be written in columns that have too little room to tick."""
        told = [
            f"{field.label}：{'、'.join(options)}"
            for field in fields
            if field.type in CHOOSING and (options := options_of(field, self.definitions))
            if not ticks(options)
        ]
        last = len(self.definitions.indicators)
        told += [
            f"{each.label}：填指标序号1至{last}"
            + "".join(f"，或“{choice.label}”" for choice in each.choices)
            for each in fields
            if is_numbered(each)
        ]
        return tuple(told)


def dated(entry: Entry, beside: RowValues) -> Entry:
    """Return a place, a box to sign in noted as dated if the day stands in its own place."""
    on = entry.field.dated_by
    return replace(entry, dated=bool(on and beside.get(on)))


def is_signed(field: Field) -> bool:
    """Tell whether a field is a box to sign or seal in."""
    return field.type in (FieldType.SIGNATURE, FieldType.SEAL)


def _never(_options: tuple[str, ...]) -> bool:
    return False
