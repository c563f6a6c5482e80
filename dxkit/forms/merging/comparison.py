"""What a returned form changes: sent, returned and now, field by field and row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.definitions import Definitions
from dxkit.errors import FormError, Problem
from dxkit.forms.merging.cell_comparison import Item, Judging, Spot
from dxkit.forms.merging.doubts import doubts
from dxkit.forms.merging.origin import origin_of
from dxkit.forms.merging.proposals import Proposals
from dxkit.forms.merging.table_comparison import TableComparison, TableMerge
from dxkit.forms.merging.totals import without_totals
from dxkit.forms.record_parts import LABELS, VALUES, asks_record, part_field, parts_of
from dxkit.forms.returned import Cell, Returned, Row, Stamp, Table, Unmatched, Unreadable
from dxkit.forms.secret_masks import is_hidden
from dxkit.forms.values import RowName, answers_of
from dxkit.forms.written.dates import read_day
from dxkit.forms.written.parsing import Parsed, parse
from dxkit.forms.written.sameness import reason_not_applicable
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.values import expected_day_or_moment

_REASON, _WHEN = "not_applicable", "recorded_at"


@dataclass(frozen=True)
class AnswerMerge:
    """One answer as it will be: what it is now, and what the form would change in its parts.

    The part of a plain answer is the empty text.
    """

    path: str
    now: Any
    touched: Mapping[str, Item]

    @property
    def items(self) -> Iterator[Item]:
        """Yield what became of each part that changed."""
        yield from self.touched.values()


@dataclass(frozen=True)
class Comparison:
    """What a returned form would change in a case, and what in it was not read, with reasons.

    `known` is False for a form without a stamp: then only returned and now were compared.
    """

    annex: Annex
    stamp: Stamp | None
    known: bool
    merges: tuple[AnswerMerge | TableMerge, ...]
    remarks: tuple[Unmatched, ...]
    definitions: Definitions

    @property
    def items(self) -> tuple[Item, ...]:
        """Return everything that changed or could not be read, in the order of the form."""
        return tuple(item for merge in self.merges for item in merge.items)

    def of(self, outcome: str) -> tuple[Item, ...]:
        """Return the items of one outcome."""
        return tuple(item for item in self.items if item.outcome == outcome)


def compare(
    returned: Returned, case: Case, where: str = "表单", take_proposed: bool = False
) -> Comparison:
    """Compare a returned form with what was sent and with what the case holds now.

    Args:
        returned: what the file says.
        case: the case as it is now.
        where: what the file is called in messages.
        take_proposed: whether rows that were proposed and left as they are are taken all the same.

    Raises:
        FormError: if the file says of no form, or is one of another enterprise.
    """
    annex = case.definitions.annexes.get(returned.annex)
    if annex is None:
        found = returned.annex or "文件没有说明是哪一张表"
        raise FormError(Problem(where, "", found, "由 dxkit form export 发出的表单"))
    origin = origin_of(returned, annex, case, where)
    judging = Judging(annex, case.definitions, origin.case, origin.known)
    proposals = Proposals(case.definitions.seeds, take_proposed)
    work = _Comparing(judging, origin.answers, answers_of(case, annex), case, returned, proposals)
    merges = tuple(work.merge_all())
    remarks = (*_of_edition(returned, annex), *returned.unmatched, *work.remarks)
    made = Comparison(annex, returned.stamp, origin.known, merges, remarks, case.definitions)
    return replace(made, remarks=(*remarks, *doubts(made.items, annex, case.definitions)))


def _of_edition(returned: Returned, annex: Annex) -> Iterator[Unmatched]:
    """Say that a form is of another edition; its fields are still found by their keys."""
    edition = returned.stamp.edition if returned.stamp is not None else ""
    if edition not in ("", annex.edition):
        why = f"现行的是 {annex.edition} 版；仍按栏目逐项对应，对应不上的另行列出"
        yield Unmatched("表单版本", f"{edition} 版", why)


@dataclass
class _Comparing:
    """Goes through a form once; notes down on the way what is not read."""

    judging: Judging
    sent: Mapping[str, Any]
    now: Mapping[str, Any]
    case: Case
    returned: Returned
    proposals: Proposals
    remarks: list[Unmatched] = field(default_factory=list)

    @property
    def annex(self) -> Annex:
        return self.judging.annex

    def merge_all(self) -> Iterator[AnswerMerge | TableMerge]:
        by_path = self._cells_by_path()
        tables = {table.path: table for table in self.returned.tables}
        for key, question in self.annex.questions():
            if question.type is FieldType.TABLE:
                yield from self._merged_table(question, tables.pop(key, None))
            else:
                yield from self._merged_answer(key, question, by_path)
        lost = [cell for cells in by_path.values() for cell in cells]
        self._note_unknown(lost, list(tables))

    def _cells_by_path(self) -> dict[str, list[Cell]]:
        by_path: dict[str, list[Cell]] = {}
        for cell in self.returned.cells:
            by_path.setdefault(cell.path, []).append(cell)
        return by_path

    def _note_unknown(self, cells: Sequence[Cell], tables: Sequence[str]) -> None:
        for cell in cells:
            text = "" if cell.raw is None else str(cell.raw)
            if text:
                self._note(
                    cell.place, text, f"{self.annex.mark}中没有“{cell.path}”这一项，没有读入"
                )
        for table in tables:
            self._note(table, "", f"{self.annex.mark}中没有这张明细表，没有读入")

    def _note(self, place: str, text: str, why: str) -> None:
        self.remarks.append(Unmatched(place, text, why))

    def _note_missing(self, question: Field) -> None:
        office = {each.key for section in self.annex.for_office for each in section.fields}
        out = question.key not in office
        carried = {"xlsx": out, "docx": question.paper, "csv": False}[self.returned.format]
        told = question.type is not FieldType.COMPUTED
        if self.judging.known and carried and told:
            self._note(question.label, "", "文件中找不到这一项，保留案卷中的现值")

    def _merged_table(self, question: Field, table: Table | None) -> Iterator[TableMerge]:
        if table is None:
            self._note_missing(question)
            return
        self._note_missing_columns(question, table)
        table, totals = without_totals(table)
        table, proposed = self.proposals.judged(question, table, bool(self.now.get(question.key)))
        self.remarks += [*totals, *proposed]
        merge = self._rows(question, table)
        if merge.moved:
            self._note(question.label, "", "各行的顺序与发出时不同，保留案卷中的顺序")
        for row in table.rows:
            self._note_overwritten_row(question, row)
        yield merge

    def _note_missing_columns(self, question: Field, table: Table) -> None:
        by_card = self.returned.format == "docx" and (question.within or question.layout == "cards")
        there = {*table.columns, *([question.columns[0].key] if by_card else [])}
        for column in question.columns:
            if column.key not in there and question.paper:
                named = column.model_copy(update={"label": f"{question.label}·{column.label}"})
                self._note_missing(named)

    def _rows(self, question: Field, table: Table) -> TableMerge:
        sent = self.sent.get(question.key) or []
        return TableComparison(
            self.judging, question, table, sent, self.now.get(question.key)
        ).merge()

    def _note_overwritten_row(self, question: Field, row: Row) -> None:
        """Note what was written over; a row that was not sent has nothing computed for it."""
        spot = None if row.number is None else row.number - 1
        for column in question.columns:
            raw, place = row.cells.get(column.key, (None, ""))
            self._note_overwritten(column, raw, place, spot)

    def _note_overwritten(self, question: Field, raw: Any, place: str, row: RowName) -> None:
        if self.judging.overwritten(question, raw, self.case, row):
            self._note(place, str(raw), "由程序计算的内容，在表单上改动不读回")

    def _merged_answer(
        self, key: str, question: Field, by_path: dict[str, list[Cell]]
    ) -> Iterator[AnswerMerge]:
        record = asks_record(self.annex, question)
        paths = [key, *(f"{key}.{part}" for part in LABELS)] if self._has_parts else [key]
        cells = {path[len(key) + 1 :]: by_path.pop(path) for path in paths if path in by_path}
        if not cells:
            self._note_missing(question)
        elif question.type is FieldType.COMPUTED:
            row = key.rpartition(".")[2] if "." in key else None
            for each in cells.values():
                self._note_overwritten(question, each[0].raw, each[0].place, row)
        else:
            told = self._parts(question, cells) if record else {"": self._one(cells[""])}
            yield from self._merge(key, question, told, record)

    @property
    def _has_parts(self) -> bool:
        return self.annex.answers == "record"

    def _one(self, cells: Sequence[Cell]) -> Cell:
        """Return the only cell of a field; copies that differ are listed, the first one counts."""
        first, *others = cells
        for other in others:
            if other.raw != first.raw:
                text = f"{other.raw}（{first.place} 为“{first.raw}”）"
                self._note(other.place, text, "同一项出现了两次，内容不同，以第一处为准")
        return first

    def _parts(self, question: Field, cells: Mapping[str, Sequence[Cell]]) -> dict[str, Cell]:
        """Return the cells by part; a value that says “不适用：理由” moves to that part."""
        told = {part or "onsite": self._one(each) for part, each in cells.items()}
        for part in VALUES:
            cell = told.get(part)
            reason = self._reason(question, cell) if cell else None
            if cell is not None and reason:
                told[part] = replace(cell, raw=None)
                if _REASON not in told or not told[_REASON].raw:
                    told[_REASON] = replace(cell, path=f"{cell.path}", raw=reason)
        return told

    def _reason(self, question: Field, cell: Cell) -> str | None:
        """Return why a cell says that the question does not apply; a choice may be called so."""
        if not question.may_be_not_applicable:
            return None
        chosen = question.choices and parse(question, cell.raw, self.case.definitions).readable
        return None if chosen else reason_not_applicable(cell.raw)

    def _merge(
        self, key: str, question: Field, told: Mapping[str, Cell], record: bool
    ) -> Iterator[AnswerMerge]:
        raw_sent, raw_now = get(self.sent, key), get(self.now, key)
        sent = parts_of(raw_sent) if record else {"": raw_sent}
        now = parts_of(raw_now) if record else {"": raw_now}
        touched = {}
        for part, cell in told.items():
            asked = part_field(question, part) if part else question
            spot = Spot(f"{self.annex.id}.{key}", _label(question, part), cell.place)
            parsed = self._read(asked, part, cell, sent.get(part), question)
            item = self.judging.judge(asked, spot, sent.get(part), parsed, now.get(part))
            if item.outcome != "unchanged":
                touched[part] = item
        if touched:
            yield AnswerMerge(f"{self.annex.id}.{key}", raw_now, touched)

    def _read(self, asked: Field, part: str, cell: Cell, sent: Any, question: Field) -> Parsed:
        if is_hidden(None, question, cell.raw, {}):
            return Parsed(sent)
        parsed = self.judging.read(asked, cell.raw, sent)
        if part == _WHEN and (not parsed.readable or parsed.value not in (sent, None)):
            return _moment(parsed, cell.raw)
        if part == _REASON and parsed.value and not question.may_be_not_applicable:
            return Parsed(None, str(cell.raw), "此题不允许标为不适用，请填写答案或留空")
        return parsed


def _moment(parsed: Parsed, raw: Any) -> Parsed:
    """Return when something was written down; a day without a time stays a day."""
    if isinstance(raw, Unreadable):
        return parsed
    if parsed.readable:
        return Parsed(read_day(raw) or parsed.value)
    return replace(parsed, expected=expected_day_or_moment(raw) or parsed.expected)


def _label(question: Field, part: str) -> str:
    label = " ".join(each for each in (question.no, question.label) if each)
    return label if part in ("", "onsite") else f"{label}·{LABELS[part]}"
