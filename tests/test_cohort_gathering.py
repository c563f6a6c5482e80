"""A folder of cases as a table: cached by content, whole under every accident, nothing left out."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dxkit.case import create
from dxkit.cohort import Table, gather, reading, roll_up
from dxkit.cohort.reading import read_all
from dxkit.cohort.storage import Unfit, read, save
from dxkit.definitions import load
from dxkit.errors import ParameterError
from dxkit.synth import region_table, synthesise
from dxkit.synth.application import credit_code

DEFINITIONS = load()
COUNT = 30
RATE = "key_process_nc_rate"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("region")
    synthesise(COUNT, 7, folder, DEFINITIONS)
    return folder


@pytest.fixture
def cases(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "cases")


def rows(table: Table) -> list[Any]:
    """Return everything a table holds, so that two can be compared."""
    sides = [
        (key, side, np.asarray(values).tolist())
        for key, column in table.columns.items()
        for side, values in vars(column).items()
        if values is not None
    ]
    words = [each.tolist() for each in (table.ids, table.keys, table.names, table.digests)]
    codes = [(k, v.tolist()) for k, v in {**table.places, **table.marks}.items()]
    return [table.definitions, words, table.read.tolist(), table.year.tolist(), codes, repr(sides)]


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every case that is really read."""
    noted: list[str] = []
    real = reading.read_one

    def read_one(folder: Path, definitions: Any) -> Any:
        noted.append(folder.name)
        return real(folder, definitions)

    monkeypatch.setattr(reading, "read_one", read_one)
    return noted


def test_invented_columns_are_those_of_the_invented_cases(written: Path) -> None:
    """But for counts that a case leaves to its lists, which columns do not have."""
    found, drawn = gather(written, DEFINITIONS).table, region_table(COUNT, 7, DEFINITIONS)
    assert found.ids.tolist() == drawn.ids.tolist()
    assert found.keys.tolist() == drawn.keys.tolist()
    for key, places in {**drawn.places, **drawn.marks}.items():
        held = found.places.get(key, found.marks.get(key))
        assert places.tolist() == np.asarray(held).tolist(), key
    for key, column in drawn.columns.items():
        if key != "industrial_software_rate":
            assert column.state.tolist() == found.columns[key].state.tolist(), key
            np.testing.assert_array_equal(column.value, found.columns[key].value)


def test_the_second_time_only_what_changed_is_read(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache.parquet"
    first = gather(cases, DEFINITIONS, cache)
    noted = counting(monkeypatch)
    again = gather(cases, DEFINITIONS, cache)
    assert (noted, again.from_cache, rows(again.table)) == ([], COUNT, rows(first.table))
    file = cases / "synth-000003" / "case.yaml"
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    place = text.index("key_processes:")
    file.write_text(text.replace("虚构", "臆造"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert place
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    changed = gather(cases, DEFINITIONS, cache)
    assert noted == ["synth-000003"]
    assert "臆造" in changed.table.names[2]
    assert gather(cases, DEFINITIONS, cache).from_cache == COUNT


def test_cases_that_came_and_went_are_followed(cases: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.parquet"
    gather(cases, DEFINITIONS, cache)
    shutil.rmtree(cases / "synth-000001")
    shutil.copytree(cases / "synth-000002", cases / "renamed")
    found = gather(cases, DEFINITIONS, cache)
    assert "synth-000001" not in found.table.ids
    assert found.from_cache == COUNT - 1
    assert rows(found.table) == rows(gather(cases, DEFINITIONS).table)


def spoilt(kind: str, cache: Path) -> None:
    content = cache.read_bytes()
    if kind == "cut off":
        cache.write_bytes(content[: len(content) // 2])
    elif kind == "empty":
        cache.write_bytes(b"")
    elif kind == "other columns":
        held = pq.read_table(cache)
        pq.write_table(held.drop_columns(["year"]), cache)
    elif kind == "a cell missing":
        held = pq.read_table(cache)
        at = held.schema.get_field_index("year")
        blank = pa.array([None] * held.num_rows, pa.int16())
        pq.write_table(held.set_column(at, "year", blank), cache)
    elif kind == "other definitions":
        held = pq.read_table(cache)
        about = held.schema.metadata[b"dxkit"].replace(DEFINITIONS.digest.encode(), b"f" * 64)
        pq.write_table(held.replace_schema_metadata({b"dxkit": about}), cache)
    else:
        raise AssertionError(kind)


@pytest.mark.parametrize(
    "kind",
    [
        "cut off",
        "empty",
        "other columns",
        "a cell missing",
        "other definitions",
    ],
)
def test_a_cache_that_is_not_ours_whole_is_made_anew_with_a_word(
    written: Path, tmp_path: Path, kind: str
) -> None:
    cache = tmp_path / "cache.parquet"
    whole = gather(written, DEFINITIONS, cache)
    spoilt(kind, cache)
    with pytest.raises(Unfit):
        read(cache, DEFINITIONS)
    found = gather(written, DEFINITIONS, cache)
    assert rows(found.table) == rows(whole.table)
    assert len(found.notes) == 1
    assert "全部重读" in found.notes[0]
    assert gather(written, DEFINITIONS, cache).from_cache == COUNT


@pytest.mark.parametrize("kind", ["a workbook", "another Parquet file", "a folder"])
def test_a_file_that_never_was_a_cache_is_left_alone(
    written: Path, tmp_path: Path, kind: str
) -> None:
    place = tmp_path / "place"
    if kind == "a workbook":
        place.write_bytes(b"PK\x03\x04 and more")
    elif kind == "a folder":
        place.mkdir()
    else:
        pq.write_table(pa.table({"a": [1]}), place)
    before = place.read_bytes() if place.is_file() else b""
    found = gather(written, DEFINITIONS, place)
    assert found.table.size == COUNT
    assert "没有动它" in found.notes[0]
    assert (place.read_bytes() if place.is_file() else b"") == before


def test_a_byte_turned_anywhere_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    table, path = region_table(20, 3, DEFINITIONS), tmp_path / "table.parquet"
    save(table, path)
    whole, noticed = path.read_bytes(), 0
    places = range(4, len(whole), 211)
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert rows(read(path, DEFINITIONS)) == rows(table), place
        except Unfit:
            noticed += 1
    assert noticed > len(places) // 2


def test_a_broken_case_is_named_and_still_counts(cases: Path, tmp_path: Path) -> None:
    (cases / "synth-000004" / "case.yaml").write_text("annex_3: [\n", encoding="utf-8")
    (cases / "synth-000005" / "case.yaml").write_bytes(b"\xff\xfe\x00")
    cache = tmp_path / "cache.parquet"
    for _ in range(2):
        found = gather(cases, DEFINITIONS, cache)
        assert [each.id for each in found.unread] == ["synth-000004", "synth-000005"]
        assert all(each.problems for each in found.unread)
        figure = roll_up(found.table, DEFINITIONS).figure(RATE)
        assert figure.count == COUNT
        assert figure.base + figure.unknown + figure.not_applicable == COUNT
    assert found.from_cache == COUNT - 2
    assert found.table.ids[~found.table.read].tolist() == ["synth-000004", "synth-000005"]


def test_a_second_case_of_one_enterprise_and_year_is_told_and_not_counted(cases: Path) -> None:
    shutil.copytree(cases / "synth-000002", cases / "copy")
    found = gather(cases, DEFINITIONS)
    assert [(each.id, each.of) for each in found.repeated] == [("synth-000002", "copy")]
    assert found.table.size == COUNT


def test_a_begun_case_without_a_year_is_not_a_second_enterprise(tmp_path: Path) -> None:
    """It counts to the latest year, in which the enterprise has a case already."""
    code = credit_code(1)
    for name, years in (("a-2024", [2024]), ("b-2025", [2024, 2025]), ("c-begun", [])):
        answers = {"uscc": code, **({"yearly": [{"year": y} for y in years]} if years else {})}
        create(tmp_path / name, {"annex_3": answers}, DEFINITIONS, "测试")
    found = gather(tmp_path, DEFINITIONS)
    assert [(each.id, each.of, each.year) for each in found.repeated] == [
        ("c-begun", "b-2025", 2025)
    ]
    assert found.table.ids.tolist() == ["a-2024", "b-2025"]
    assert found.table.year.tolist() == [2024, 2025]


def test_a_folder_without_cases_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="没有这个文件夹"):
        gather(tmp_path / "nowhere", DEFINITIONS)
    with pytest.raises(ParameterError, match="没有企业"):
        gather(tmp_path, DEFINITIONS)


def test_a_cache_that_cannot_be_written_does_not_stop_anything(
    written: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = gather(written, DEFINITIONS, tmp_path / "file" / "cache.parquet")
    assert found.table.size == COUNT
    assert "结果不受影响" in found.notes[0]


def test_what_is_kept_is_what_was_there(tmp_path: Path) -> None:
    table = region_table(500, 3, DEFINITIONS)
    save(table, tmp_path / "table.parquet")
    assert rows(read(tmp_path / "table.parquet", DEFINITIONS)) == rows(table)
    assert [each.name for each in tmp_path.iterdir()] == ["table.parquet"]


def test_several_processes_read_what_one_reads(written: Path) -> None:
    folders = sorted(each for each in written.iterdir() if each.is_dir())
    told: list[int] = []
    several = read_all(folders, DEFINITIONS, 2, lambda done, _total: told.append(done))
    assert several == read_all(folders, DEFINITIONS, 1)
    assert told == list(range(1, COUNT + 1))


def test_who_stops_reading_waits_for_no_more_cases_and_leaves_no_process(written: Path) -> None:
    folders = sorted(each for each in written.iterdir() if each.is_dir()) * 40

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_all(folders, DEFINITIONS, 2, stop)
    assert not multiprocessing.active_children()


def test_what_killed_processes_did_not_read_is_read_here(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = sorted(each for each in written.iterdir() if each.is_dir())[:6]
    whole = read_all(folders, DEFINITIONS, 1)

    def dying(*_: Any) -> Iterator[Any]:
        yield from whole[:2]
        raise BrokenProcessPool

    monkeypatch.setattr(reading, "_by_processes", dying)
    assert read_all(folders, DEFINITIONS, 2) == whole


GATHER = """
import sys
from pathlib import Path
from dxkit.cohort import gather
from dxkit.definitions import load
for _ in range(3):
    found = gather(Path(sys.argv[1]), load(), Path(sys.argv[2]), 1)
    assert found.table.size == int(sys.argv[3]) and not found.unread, found.unread
    Path(sys.argv[2]).unlink(missing_ok=True)
gather(Path(sys.argv[1]), load(), Path(sys.argv[2]), 1)
"""


def test_two_programs_may_keep_one_cache(written: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.parquet"
    arguments = [sys.executable, "-c", GATHER, str(written), str(cache), str(COUNT)]
    both = [subprocess.Popen(arguments, stderr=subprocess.PIPE) for _ in range(2)]
    assert [each.communicate()[1][-300:] for each in both] == [b"", b""]
    assert gather(written, DEFINITIONS, cache).table.size == COUNT
    assert [each.name for each in tmp_path.glob("*cache*")] == ["cache.parquet"]
