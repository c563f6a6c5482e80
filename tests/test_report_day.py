"""A report speaks of the day its case became what it is, whenever it is printed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from dxkit.case import create, journal, open_case
from dxkit.definitions import load
from dxkit.report.moment import day_of


def written_at(folder: Path, at: str) -> None:
    path = folder / journal.NAME
    entry = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**entry, "at": at}, ensure_ascii=False) + "\n", encoding="utf-8")


def test_the_day_is_that_of_the_last_entry_as_counted_in_china(tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    create(folder, {}, load(), "测试")
    written_at(folder, "2026-03-04T15:59:00.000+00:00")
    assert day_of(open_case(folder)) == date(2026, 3, 4)
    written_at(folder, "2026-03-04T16:00:00.000+00:00")
    assert day_of(open_case(folder)) == date(2026, 3, 5)
