"""Changing rows of a table: the row meant is found by what was seen, wherever it stands by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from dxkit.case import Change, Writer
from dxkit.case.answers import is_blank
from dxkit.case.paths_in_data import get
from dxkit.errors import CaseError, LockedError
from dxkit.forms.phone_masks import is_masked
from dxkit.models.annex import Field
from dxkit.workshop.changing import typed
from dxkit.workshop.changing.edits import Outcome, proposed, refuse, same
from dxkit.workshop.changing.pasting import Unfit, pasted
from dxkit.workshop.changing.undoing import Placed, Row, Swap
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.places import Place, find
from dxkit.workshop.seeing.tracing import trace
from dxkit.workshop.showing.tables import why_not_written

ACTIONS = ("add", "remove", "move", "set", "paste")
MOST_ROWS = 2000
_GONE = "这一行已被他人删除或改动，请对照最新内容再改"
Asked = Mapping[str, Any]


def change_rows(desk: Desk, asked: Asked) -> tuple[Place, Outcome]:
    """Do what a page asks of a table's rows.

    Raises:
        CaseError: if there is no such table or action, or the table cannot be changed.
    """
    place = find(asked.get("path"), desk.access)
    if not place.is_table or asked.get("action") not in ACTIONS:
        raise CaseError("明细表的操作只有添加、删除、移动、修改和粘贴")
    refuse(desk, place)
    cells: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    wrong: list[Unfit] = []
    if asked["action"] == "paste":
        rows, wrong = pasted(desk, place.field, str(asked.get("text") or ""))
        if wrong and not (asked.get("partly") is True and rows):
            return place, Outcome(says={"unfit": wrong})
    elif asked["action"] in ("add", "set"):
        cells, wrong = read_cells(desk, place.field, asked.get("row"))
        if wrong:
            return place, Outcome(says={"unfit": wrong})
    try:
        with desk.writing(place) as writer:
            outcome = _Table(desk, writer, place, asked).done(cells, rows)
    except LockedError:
        raise
    except CaseError as exc:
        told = typed.refused(exc.problems, desk.definitions)
        unfit = [{"row": None, "column": "", "found": told["found"], "expected": told["unfit"]}]
        return place, Outcome(says={"unfit": unfit})
    return place, Outcome(outcome.did, {"unfit": wrong} if wrong else outcome.says, outcome.lost)


def read_cells(desk: Desk, table: Field, row: Any) -> tuple[dict[str, Any], list[Unfit]]:
    """Return typed cells as values, and what does not fit."""
    columns = {each.key: each for each in table.columns if desk.access.shows(each)}
    cells, wrong = {}, []
    for key, raw in (row if isinstance(row, dict) else {}).items():
        column = columns.get(key)
        if column is None or why_not_written(column):
            why = why_not_written(column) if column is not None else "本表的一列"
            label = column.label if column is not None else str(key)[:40]
            wrong.append({"row": None, "column": label, "found": "", "expected": why})
            continue
        parsed = typed.read(column, raw, desk.definitions)
        if parsed.readable:
            cells[key] = parsed.value
        else:
            expected = typed.wanted(parsed.expected)
            wrong.append(
                {"row": None, "column": column.label, "key": key, "found": parsed.found}
                | {"expected": expected}
            )
    return cells, wrong


@dataclass(frozen=True)
class _Table:
    """A table while its lock is held."""

    desk: Desk
    writer: Writer
    place: Place
    asked: Asked

    @property
    def rows(self) -> list[dict[str, Any]]:
        return get(self.writer.data, self.place.path) or []

    def done(self, cells: Row, new: list[dict[str, Any]]) -> Outcome:
        action = self.asked["action"]
        if action in ("add", "paste"):
            return self._added(new if action == "paste" else [filled(cells)])
        number, seen = self.asked.get("index"), seen_of(self.asked)
        found, exact = locate(self.desk, self.place, self.rows, number, seen)
        if found is None:
            return Outcome(says={"problem": _GONE})
        if action == "set":
            return self._set(found, cells, seen)
        if action == "remove" and not exact:
            return self._lost(found, None, seen)
        return self._swapped(((found, self.rows[found]),), self._moved(found))

    def _moved(self, found: int) -> tuple[Placed, ...]:
        """Return the row at its new place; a row that is removed has none."""
        to = self.asked.get("to")
        if self.asked["action"] == "remove":
            return ()
        if not is_number(to):
            raise CaseError("没有说明移到第几行")
        return ((max(0, min(to - 1, len(self.rows) - 1)), self.rows[found]),)

    def _added(self, new: list[dict[str, Any]]) -> Outcome:
        index, rows = self.asked.get("index"), self.rows
        if len(rows) + len(new) > MOST_ROWS:
            raise CaseError(f"{self.place.field.label}：每张表最多 {MOST_ROWS} 行")
        at = max(0, min(index - 1, len(rows))) if is_number(index) else len(rows)
        return self._swapped((), tuple((at + number, row) for number, row in enumerate(new)))

    def _set(self, found: int, cells: Row, seen: Row) -> Outcome:
        """Change the cells told, unless another changed one of them since it was seen."""
        columns = {each.key: each for each in self.place.field.columns}
        before = self.rows[found]
        shown = self.desk.access.seen_row(self.place.field, before)
        wanted = {
            key: value
            for key, value in cells.items()
            if not same(before.get(key), value)
            and not is_masked(columns[key], value, before.get(key))
        }
        after = filled({**before, **wanted})
        if any(not same(shown.get(key), seen.get(key)) for key in wanted):
            return self._lost(found, after, seen)
        if after == before:
            return Outcome()
        return self._swapped(((found, before),), ((found, after),))

    def _lost(self, found: int, value: Row | None, seen: Row) -> Outcome:
        change = Change(f"{self.place.path}.{found + 1}", value, {**seen})
        return Outcome(lost=proposed(self.desk, self.writer, change))

    def _swapped(self, out: tuple[Placed, ...], into: tuple[Placed, ...]) -> Outcome:
        return do(self.writer, Swap(self.place.path, self.place.field.label, out, into))


def is_number(value: Any) -> TypeGuard[int]:
    """Tell whether what a page sent counts rows."""
    return isinstance(value, int) and not isinstance(value, bool)


def do(writer: Writer, swap: Swap, settles: tuple[int, ...] = ()) -> Outcome:
    """Make a change of rows; the caller holds the lock."""
    changes = swap.changes(get(writer.data, swap.path))
    if changes is None:
        return Outcome(says={"problem": _GONE})
    writer.apply(changes, settles=settles)
    return Outcome(did=swap)


def seen_of(asked: Asked) -> dict[str, Any]:
    """Return the cells of a row as the page showed it."""
    seen = asked.get("seen")
    return filled(seen) if isinstance(seen, dict) else {}


def locate(
    desk: Desk, place: Place, rows: Sequence[Row], number: Any, seen: Any
) -> tuple[int | None, bool]:
    """Return where the row that was seen stands by now, and whether nobody changed it.

    What became of it is read in the journal; the caller holds the lock.
    """
    desk.catch_up()
    wanted = filled(seen) if isinstance(seen, dict) else {}
    access, table = desk.access, place.field

    def is_meant(row: Row) -> bool:
        return access.shows_row(table, row) and filled(access.seen_row(table, row)) == wanted

    near = number - 1 if is_number(number) else 0
    return trace(rows, desk.log.steps(place.path), is_meant, near)


def filled(row: Row) -> dict[str, Any]:
    """Return a row without the cells that hold nothing."""
    return {key: value for key, value in row.items() if not is_blank(value)}
