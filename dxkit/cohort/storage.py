"""How a table lies on disk as Parquet: whole, checked, and only of the definitions in force."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dxkit import __version__
from dxkit.cohort.table import Column, Table
from dxkit.definitions import Definitions
from dxkit.models.rules import Ratio

FORMAT = 1
_ABOUT = b"dxkit"
_MAGIC = b"PAR1"
_WORDS = ("id", "key", "name", "digest")
_FRACTION = pa.float64()


class Unfit(Exception):  # noqa: N818 - not an error of the user's: the file is simply made anew
    """A file is no table of these definitions; the message says in Chinese why."""


class Foreign(Unfit):
    """A file was never ours, so that it must not be written over either."""


def save(table: Table, path: Path) -> None:
    """Write a table under its final name only when it is whole; of two writers the last one stays.

    Raises:
        OSError: if the place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        checked = {"write_page_checksum": True, "write_statistics": False}
        pq.write_table(to_arrow(table), half, compression="zstd", **checked)
        Path(half).replace(path)
    finally:
        with suppress(OSError):
            Path(half).unlink(missing_ok=True)


def read(path: Path, definitions: Definitions) -> Table:
    """Read a table that these definitions and this version have written.

    Raises:
        Unfit: if it is damaged, of another kind, or of other definitions.
        Foreign: if it is not ours at all.
    """
    if not _may_be_ours(path):
        raise Foreign("不是本程序的文件")
    try:
        held = pq.read_table(path, page_checksum_verification=True, memory_map=False)
    except (OSError, pa.ArrowException, ValueError):
        raise Unfit("已损坏") from None
    about = (held.schema.metadata or {}).get(_ABOUT)
    if about is None:
        raise Foreign("不是本程序的文件")
    if about != _about(definitions.digest):
        raise Unfit("由另一版程序或另一套定义写成")
    if not held.schema.remove_metadata().equals(_schema(definitions)):
        raise Unfit("各列与现行定义不符")
    if any(column.null_count for column in held.columns):
        raise Unfit("有空缺的单元")
    return _from_arrow(held, definitions)


def _may_be_ours(path: Path) -> bool:
    """Tell whether a file begins as Parquet does; an empty one was left by an accident."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) in (_MAGIC, b"")
    except OSError:
        return False


def to_arrow(table: Table) -> pa.Table:
    """Return a table as Arrow columns, named so that other programs can read them too."""
    held = pa.table(dict(_arrays(table)))
    return held.replace_schema_metadata({_ABOUT: _about(table.definitions)})


def _about(digest: str) -> bytes:
    told = {"format": FORMAT, "version": __version__, "definitions": digest}
    return json.dumps(told, sort_keys=True).encode("utf-8")


def _arrays(table: Table) -> Iterator[tuple[str, Any]]:
    for name in _WORDS:
        yield name, pa.array(getattr(table, f"{name}s"), pa.string())
    yield "read", pa.array(table.read)
    yield "year", pa.array(table.year)
    yield from ((f"place.{key}", pa.array(each)) for key, each in table.places.items())
    yield from ((f"mark.{key}", pa.array(each)) for key, each in table.marks.items())
    for key, column in table.columns.items():
        for side, values in vars(column).items():
            if values is not None:
                yield f"{key}.{side}", pa.array(values)
        yield f"{key}.cause", pa.array(table.causes[key])


def _schema(definitions: Definitions) -> pa.Schema:
    fields = [(name, pa.string()) for name in _WORDS]
    fields += [("read", pa.bool_()), ("year", pa.int16())]
    fields += [(f"place.{key}", pa.int16()) for key in _places(definitions)]
    fields += [(f"mark.{key}", pa.int8()) for key in _marks(definitions)]
    for each in definitions.indicators:
        is_ratio = isinstance(each.rule, Ratio)
        bound = _FRACTION if is_ratio else pa.int8()
        sides = [("state", pa.int8()), ("low", bound), ("high", bound)]
        sides += [("part", _FRACTION), ("whole", _FRACTION)] if is_ratio else []
        fields += [(f"{each.id}.{side}", kind) for side, kind in [*sides, ("cause", pa.int8())]]
    return pa.schema(fields)


def _from_arrow(held: pa.Table, definitions: Definitions) -> Table:
    def array(name: str) -> Any:
        return np.array(held.column(name).to_numpy())

    def column(key: str, is_ratio: bool) -> Column:
        sides = ("state", "low", "high", *(("part", "whole") if is_ratio else ()))
        return Column(*(array(f"{key}.{side}") for side in sides))

    return Table(
        definitions=definitions.digest,
        ids=array("id"),
        keys=array("key"),
        names=array("name"),
        digests=array("digest"),
        read=array("read").astype(bool),
        year=array("year"),
        places={key: array(f"place.{key}") for key in _places(definitions)},
        marks={key: array(f"mark.{key}") for key in _marks(definitions)},
        columns={
            each.id: column(each.id, isinstance(each.rule, Ratio))
            for each in definitions.indicators
        },
        causes={each.id: array(f"{each.id}.cause") for each in definitions.indicators},
    )


def _places(definitions: Definitions) -> list[str]:
    dimensions = definitions.regional.dimensions
    return [each.id for each in dimensions if each.by not in ("marks", "year")]


def _marks(definitions: Definitions) -> list[str]:
    return [mark.code for each in definitions.regional.dimensions for mark in each.marks]
