"""Whether the packs only name forms, tables, columns and codes that exist and may leave."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.files import Files
from dxkit.definitions.requirements_fit import Course
from dxkit.definitions.tables_fit import codes_problems, columns_of, where_problems
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Field, FieldType
from dxkit.models.handover import Folder, HandoverPlan, Ledger, Pack, Receipt, Record


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem of the plan of packs."""
    course = Course(files)
    for file, plan in files.of(HandoverPlan).items():
        yield from repeated(file, "packs.id", (pack.id for pack in plan.packs))
        yield from _columns(file, "exports", plan.exports, (), course)
        issues = (plan.issues.version, plan.issues.files)
        yield from _columns(file, "issues", plan.issues.table, issues, course)
        yield from _ledger(file, plan.ledger, plan.packs, course)
        yield from repeated(file, "records.number", (each.number for each in plan.records))
        for record in plan.records:
            yield from _record(file, f"records“{record.number}”", record, course)
        for path, shown in plan.shows.items():
            yield from _columns(file, "shows", path, shown, course)
        for pack in plan.packs:
            yield from _pack(file, pack, course)


def _ledger(
    file: str, ledger: Ledger, packs: tuple[Pack, ...], course: Course
) -> Iterator[Problem]:
    named = (ledger.number, ledger.title, ledger.needed, ledger.state, ledger.copies)
    yield from _columns(file, "ledger", ledger.table, (*named, ledger.sent_to), course)
    table = _table(ledger.table, course)
    columns = columns_of(table) if table is not None else {}
    if ledger.state in columns:
        place = "ledger.unformed"
        yield from codes_problems(file, place, ledger.unformed, columns[ledger.state])
    if ledger.sent_to in columns:
        listing = [pack.recipient for pack in packs]
        yield from codes_problems(file, "packs.id", listing, columns[ledger.sent_to])


def _record(file: str, place: str, record: Record, course: Course) -> Iterator[Problem]:
    yield from _forms(file, place, record.forms, course)
    for naming in record.files:
        if course.is_unread_form(naming.at):
            continue
        annex_id, key, *column = naming.at.split(".")
        table = _table(f"{annex_id}.{key}", course)
        if column and table is not None:
            yield from _columns(file, place, f"{annex_id}.{key}", (*column,), course)
            yield from where_problems(file, place, key, naming.where, course.tables(annex_id))
        elif column or key not in _fields(annex_id, course):
            yield Problem(file, place, naming.at, "已有的字段，或明细表的一列")


def _receipt(file: str, place: str, receipt: Receipt, course: Course) -> Iterator[Problem]:
    annex_id, _, key = receipt.received.partition(".")
    if course.is_unread_form(receipt.received):
        return
    yield from _columns(file, place, receipt.earlier, ("file", "sha256"), course)
    for each in (key, *receipt.renewed):
        if each not in _fields(annex_id, course):
            yield Problem(file, place, each, f"{annex_id} 的一个字段")


def _pack(file: str, pack: Pack, course: Course) -> Iterator[Problem]:
    place = f"packs“{pack.id}”"
    named = (each.name for each in pack.folders if each.takes == "forms")
    yield from repeated(file, f"{place}.folders.name", named)
    if pack.items is not None:
        yield from _columns(file, f"{place}.items", pack.items, (), course)
    if pack.receipt is not None:
        yield from _receipt(file, f"{place}.receipt", pack.receipt, course)
    for folder in pack.folders:
        yield from _folder(file, f"{place}.{folder.name}", folder, course)


def _folder(file: str, place: str, folder: Folder, course: Course) -> Iterator[Problem]:
    yield from _forms(file, place, folder.forms, course)
    if folder.table is None or course.is_unread_form(folder.table):
        return
    annex_id, _, key = folder.table.partition(".")
    yield from _columns(file, place, folder.table, (str(folder.title), "file"), course)
    if _table(folder.table, course) is not None:
        yield from where_problems(file, place, key, folder.where, course.tables(annex_id))


def _forms(file: str, place: str, forms: tuple[str, ...], course: Course) -> Iterator[Problem]:
    for annex_id in forms:
        annex = course.annexes.get(annex_id)
        if annex is None and not course.is_unread_form(annex_id):
            yield Problem(file, place, annex_id, "已有的表")
        elif annex is not None and annex.restricted:
            yield Problem(file, place, annex_id, "不限制知悉范围的表")


def _columns(
    file: str, place: str, path: str, columns: tuple[str, ...], course: Course
) -> Iterator[Problem]:
    if course.is_unread_form(path):
        return
    table = _table(path, course)
    if table is None:
        yield Problem(file, place, path, "已有的一张明细表：附件.字段")
        return
    for column in columns:
        if column not in columns_of(table):
            yield Problem(file, f"{place}.{path}", column, "明细表的一列")


def _fields(annex_id: str, course: Course) -> set[str]:
    annex = course.annexes.get(annex_id)
    return {field.key for field in annex.fields} if annex is not None else set()


def _table(path: str, course: Course) -> Field | None:
    annex_id, _, key = path.partition(".")
    table = course.tables(annex_id).get(key)
    return table if table is not None and table.type is FieldType.TABLE else None
