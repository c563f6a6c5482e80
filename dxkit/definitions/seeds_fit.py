"""Whether seeds fit the tables that they fill, and evidence letters the list of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dxkit.definitions.files import EVIDENCE, Files
from dxkit.definitions.tables_fit import columns_of
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Annex, Field, FieldType, SeedName
from dxkit.models.indicator import Indicator
from dxkit.models.refusals import shown
from dxkit.models.seeds import Material, Materials, PlannedTasks, ServiceRecords
from dxkit.models.shape import Shape
from dxkit.models.values import expected_by_type

Columns = Mapping[str, Field]


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every seed and every evidence letter that its table would not take."""
    for file, planned in files.of(PlannedTasks).items():
        yield from _filled(file, "seq", planned.rows, _seeded(files, "tasks"))
    for file, records in files.of(ServiceRecords).items():
        yield from _filled(file, "seq", records.rows, _seeded(files, "service_records"))
    for file, materials in files.of(Materials).items():
        yield from _filled(file, "item", materials.rows, _seeded(files, "materials"))
        yield from _proven(file, materials.rows, files)
    yield from _letters(files, _columns(files, EVIDENCE, "evidence"))
    for file, annex in files.of(Annex).items():
        yield from _no_tables(file, annex)


def _seeded(files: Files, seed: SeedName) -> list[Columns]:
    """Return the columns of every table that begins with some seeds."""
    fields = (field for annex in files.of(Annex).values() for field in annex.fields)
    return [columns_of(field) for field in fields if field.seed == seed]


def _no_tables(file: str, annex: Annex) -> Iterator[Problem]:
    for field in annex.fields:
        if field.seed is not None and (field.type is not FieldType.TABLE or field.within):
            yield Problem(file, f"{field.key}.seed", field.seed, "只有独立的 table 写 seed")


def _filled(
    file: str, name: str, rows: tuple[Shape, ...], tables: list[Columns]
) -> Iterator[Problem]:
    yield from repeated(file, f"rows.{name}", (getattr(row, name) for row in rows))
    for columns in tables:
        yield from _rows(file, rows, columns)


def _columns(files: Files, annex_id: str, table: str) -> Columns:
    """Return the columns of a table; none if its annex could not be read."""
    annex = files.annex(annex_id)
    field = next((each for each in annex.fields if each.key == table), None) if annex else None
    return columns_of(field) if field else {}


def _rows(file: str, rows: tuple[Shape, ...], columns: Columns) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        for key, value in row.model_dump(mode="json", exclude_unset=True).items():
            if key in columns and (expected := expected_by_type(columns[key], value)):
                yield Problem(file, f"rows.{number}.{key}", shown(value), expected)


def _proven(file: str, rows: tuple[Material, ...], files: Files) -> Iterator[Problem]:
    known = files.indicators_by_id
    for number, row in enumerate(rows, start=1):
        for each in row.indicators:
            if known and each not in known:
                yield Problem(file, f"rows.{number}.indicators", each, "已有指标的标识")


def _letters(files: Files, evidence: Columns) -> Iterator[Problem]:
    if "category" not in evidence:
        return
    known = [choice.code for choice in evidence["category"].choices]
    for file, indicator in files.of(Indicator).items():
        for letter in indicator.evidence_categories:
            if letter not in known:
                yield Problem(file, "evidence_categories", letter, "、".join(known) + " 之一")
