"""What a form's own checks find on a case: which rows or fields do not agree, in Chinese."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.case.answers import column_fields, is_blank, rows_matching
from dxkit.facts.calendar import minutes_of
from dxkit.lifecycle.bounds import keeps, wanted
from dxkit.lifecycle.rows import named, table_at
from dxkit.lifecycle.terms import (
    Circumstances,
    answers_of,
    as_day,
    called,
    is_filled,
    plain,
    told,
    value_at,
    value_of,
    words_of,
)
from dxkit.lifecycle.working_days import between
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.asking import Asking, is_own
from dxkit.models.askings import (
    Among,
    Consecutive,
    Covers,
    HasFilled,
    IsCode,
    NoneNamed,
    SomeRow,
    Unique,
    Written,
)
from dxkit.models.bounds import Bounded, DaysApart, Lasts, SumKeeps, TotalKeeps, ValueKeeps
from dxkit.models.form_checks import FormCheck
from dxkit.models.requirements import Term

Row = Mapping[str, Any]
MOST_NAMED = 6


@dataclass(frozen=True)
class Doubt:
    """One check that found something: on which form, and what does not agree, by place."""

    annex: Annex
    check: FormCheck
    table: str
    culprits: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return it as a person reads it: the table, what would be right, and where it is not."""
        more = f"等{len(self.culprits)}处" if len(self.culprits) > MOST_NAMED else ""
        listed = "；".join(filter(None, self.culprits[:MOST_NAMED]))
        told_where = f"（{listed}{more}）" if listed else ""
        return f"{self.table and self.table + '：'}{self.check.says}{told_where}"


def doubts_about(annex: Annex, seen: Circumstances) -> list[Doubt]:
    """Return what a form's checks find; nothing while it is not begun."""
    if not answers_of(seen.case, annex):
        return []
    found = (_Checking(annex, check, seen).doubt() for check in _checks_of(annex, seen))
    return [doubt for doubt in found if doubt is not None]


def judge_check(annex: Annex, check: FormCheck, seen: Circumstances) -> Doubt | None:
    """Judge one check; None if it finds nothing."""
    return _Checking(annex, check, seen).doubt()


def _checks_of(annex: Annex, seen: Circumstances) -> Sequence[FormCheck]:
    return seen.case.definitions.form_checks.get(annex.id, ())


@dataclass(frozen=True)
class _Checking:
    """Judges one check on one form."""

    annex: Annex
    check: FormCheck
    seen: Circumstances

    def doubt(self) -> Doubt | None:
        table = self._table
        culprits = tuple(self._in_table(table) if table else self._in_form())
        label = table.label if table else ""
        return Doubt(self.annex, self.check, label, culprits) if culprits else None

    @property
    def _table(self) -> Field | None:
        return next((f for f in self.annex.fields if f.key == self.check.table), None)

    def _in_form(self) -> Iterator[str]:
        own = {key: self._own(key) for key in (*self.check.where, *self.check.where_filled)}
        if not self._is_looked_at(own):
            return
        if isinstance(self.check.needs, NoneNamed):
            yield from value_of(self.check.needs.none_in, self.seen) or ()
        elif isinstance(self.check.needs, Covers):
            yield from self._not_covered([{self.check.needs.covers: self._own_of_covers()}])
        elif (why := self._against(None)) is not None:
            yield why

    def _is_looked_at(self, row: Row) -> bool:
        said = not any(is_blank(row.get(key)) for key in self.check.where_filled)
        return said and bool(rows_matching([row], self.check.where))

    def _own(self, key: str) -> Any:
        return value_at(f"{self.annex.id}.{key}", self.seen)

    def _own_of_covers(self) -> Any:
        return self._own(self.check.needs.own[0])

    def _in_table(self, table: Field) -> Iterator[str]:
        rows = self._rows(table)
        chosen = [
            (number, row) for number, row in enumerate(rows, start=1) if self._is_looked_at(row)
        ]
        if self.check.needs.of_table:
            yield from self._together([row for _, row in chosen])
            return
        for number, row in chosen:
            if (why := self._against(row)) is not None:
                yield f"{self._name(number, row, table)}{why and '：' + why}"

    def _rows(self, table: Field) -> Sequence[Row]:
        """Return the rows of a table, or of a grid with a cell for each of its columns."""
        if table.type is FieldType.TABLE:
            return table_at(f"{self.annex.id}.{table.key}", self.seen.case)[1]
        answers = answers_of(self.seen.case, self.annex)
        columns = [column.key for column in table.columns]
        return [
            {key: (answers.get(key) or {}).get(row.code) for key in columns} for row in table.rows
        ]

    def _name(self, number: int, row: Row, table: Field) -> str:
        return named(number, row, table) if not table.rows else table.rows[number - 1].label

    def _value(self, term: Term, row: Row | None) -> Any:
        if not is_own(term):
            return value_of(term, self.seen)
        key = str(term)
        return row.get(key) if row is not None and key in self._columns else self._own(key)

    @property
    def _columns(self) -> Mapping[str, Field]:
        return column_fields(self._table) if self._table else {}

    def _against(self, row: Row | None) -> str | None:
        """Return what speaks against a row or the form, maybe without words; None if nothing."""
        return _KINDS[type(self.check.needs)](self, self.check.needs, row)

    def _bounded(self, needs: Bounded, value: Any, row: Row | None) -> str | None:
        if is_blank(value):
            return None
        for name, term in needs.bounds.items():
            bound = self._value(term, row)
            if not is_blank(bound) and not keeps(name, value, bound):
                return f"{plain(value)}，{wanted(name)}{self._called(term, bound)}"
        return None

    def _called(self, term: Term, bound: Any) -> str:
        if is_own(term) or not isinstance(term, str):
            return plain(bound)
        named_by = called(term, self.seen)
        shown = told(term, self.seen)
        return shown if named_by in (shown, str(term)) else f"{named_by}（{shown}）"

    def keeps(self, needs: ValueKeeps, row: Row | None) -> str | None:
        return self._bounded(needs, self._value(needs.value, row), row)

    def sum_keeps(self, needs: SumKeeps, row: Row | None) -> str | None:
        numbers = [self._value(key, row) for key in needs.sum]
        return None if None in numbers else self._bounded(needs, round(sum(numbers), 2), row)

    def days_apart(self, needs: DaysApart, row: Row | None) -> str | None:
        days = sorted(filter(None, (as_day(self._value(term, row)) for term in needs.days)))
        if len(days) < len(needs.days):
            return None
        apart = between(*days) if needs.working else (days[1] - days[0]).days
        low, high = needs.at_least or 0, math.inf if needs.at_most is None else needs.at_most
        unit = "个工作日" if needs.working else "天"
        return None if low <= apart <= high else f"相距{apart}{unit}"

    def lasts(self, needs: Lasts, row: Row | None) -> str | None:
        start, end = (minutes_of(self._value(key, row)) for key in needs.lasts)
        if start is None or end is None or end - start >= needs.at_least:
            return None
        return f"{end - start}分钟"

    def is_code(self, needs: IsCode, row: Row | None) -> str | None:
        value = self._value(needs.value, row)
        return None if is_blank(value) or words_of(value) & set(needs.is_) else ""

    def has_filled(self, needs: HasFilled, row: Row | None) -> str | None:
        fields = (*self.annex.fields, *self._columns.values())
        labels = {each.key: each.label for each in fields}
        gaps = [labels[key] for key in needs.filled if not is_filled(self._value(key, row))]
        return f"未填写{'、'.join(gaps)}" if gaps else None

    def among(self, needs: Among, row: Row | None) -> str | None:
        known = {word for path in needs.within for word in self._column(path)}
        strange = sorted(words_of(self._value(needs.among, row)) - known)
        return f"没有{'、'.join(f'“{word}”' for word in strange)}" if known and strange else None

    def _column(self, path: str) -> Iterator[str]:
        """Yield what stands in a column of a table, or in a single field."""
        if path in self.seen.case.definitions.fields:
            yield from words_of(value_at(path, self.seen))
            return
        table, _, column = path.rpartition(".")
        for row in table_at(table, self.seen.case)[1]:
            yield from words_of(row.get(column))

    def written(self, needs: Written, row: Row | None) -> str | None:
        text = self._value(needs.text, row)
        if is_blank(text):
            return None
        if needs.at_least is not None and len(str(text)) < needs.at_least:
            return f"现有{len(str(text))}字"
        return "" if needs.matches and not re.search(needs.matches, str(text)) else None

    def _together(self, rows: Sequence[Row]) -> Iterator[str]:
        needs: Asking = self.check.needs
        if isinstance(needs, Covers):
            yield from self._not_covered(rows)
        elif isinstance(needs, TotalKeeps):
            numbers = [row[needs.total] for row in rows if row.get(needs.total) is not None]
            why = self._bounded(needs, round(sum(numbers), 2), None) if numbers else None
            yield from [f"合计{why}"] if why else []
        elif isinstance(needs, Unique):
            counts = Counter(str(v) for row in rows if not is_blank(v := row.get(needs.unique)))
            yield from (f"“{value}”{n}次" for value, n in counts.items() if n > 1)
        elif isinstance(needs, SomeRow):
            texts = [str(text) for row in rows if not is_blank(text := row.get(needs.some))]
            if texts and not any(re.search(needs.matches, text) for text in texts):
                yield f"现有{'、'.join(texts)}"
        elif isinstance(needs, Consecutive):
            years = sorted(int(y) for row in rows if (y := row.get(needs.consecutive)) is not None)
            if years and years != list(range(years[0], years[0] + len(years))):
                yield "、".join(map(str, years))

    def _not_covered(self, rows: Sequence[Row]) -> Iterator[str]:
        """Yield what of all that could be chosen no row chooses; nothing while none chooses."""
        key = self.check.needs.own[0]
        chosen = {word for row in rows for word in words_of(row.get(key))}
        fields = self._columns or {each.key: each for each in self.annex.fields}
        field = fields[key]
        if field.type is FieldType.INDICATORS:
            wanted = {each.id: f"指标{each.no}" for each in self.seen.case.definitions.indicators}
        else:
            wanted = {choice.code: choice.label for choice in field.choices}
        left = [label for code, label in wanted.items() if code not in chosen]
        if chosen and left:
            yield f"缺{'、'.join(left)}"


_KINDS: Mapping[type[Asking], Callable[..., str | None]] = {
    ValueKeeps: _Checking.keeps,
    SumKeeps: _Checking.sum_keeps,
    DaysApart: _Checking.days_apart,
    IsCode: _Checking.is_code,
    HasFilled: _Checking.has_filled,
    Among: _Checking.among,
    Lasts: _Checking.lasts,
    Written: _Checking.written,
}
