"""Which year a case counts to, in one folder and in two; none is left out without a word."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dxkit.cohort import gather
from dxkit.cohort.gathering import Unread
from dxkit.definitions import load
from dxkit.region import open_region
from dxkit.region.view import beside_earlier
from dxkit.report.region import counted, covering, front, method
from dxkit.synth import synthesise
from tests.region_runs import a_year_later, rewrite, run, table

DEFINITIONS = load()
COUNT = 12
BROKEN = "annex_3: {\n"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    synthesise(COUNT, 3, tmp_path / "cases", DEFINITIONS)
    return tmp_path / "cases"


def without_year(content: dict[str, Any]) -> None:
    content["annex_3"].pop("yearly")


def later(cases: Path, to: Path) -> Path:
    """Write every case of a folder a year later, under another name."""
    for folder in sorted(cases.glob("synth-*")):
        rewrite(folder, a_year_later, to / f"{folder.name}-later")
    return to


def spoil(folder: Path) -> None:
    (folder / "case.yaml").write_text(BROKEN, encoding="utf-8")


def test_among_several_years_a_case_that_cannot_be_read_counts_to_none(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later(cases, cases)
    spoil(cases / "synth-000004")
    out = tmp_path / "out"
    code, said = run(capsys, cases, "--out", out, "--tables", "--jobs", 1)
    assert code == 1
    assert "synth-000004（读不出，年度不明，没有计入）" in said
    assert f"{COUNT} 家企业中" in said
    assert f"另有 {COUNT - 1} 份案卷属于其他年度" in said
    assert len(table(out / "enterprises.csv")) == COUNT
    years = [e for e in table(out / "figures.csv") if e["分组"] == "年度" and e["序号"] == "1"]
    assert [(e["组"], e["企业数"]) for e in years] == [
        ("2025年", str(COUNT - 1)),
        ("2026年", str(COUNT)),
        ("未填", "1"),
    ]
    region = open_region(cases, DEFINITIONS, jobs=1)
    assert "另有 1 家的数据不能读取，年度不明，没有计入" in front.coverage_words(region)
    assert "年度不明，没有计入任何年度" in covering.unread(region).html


def test_in_one_year_a_case_that_cannot_be_read_counts(cases: Path) -> None:
    spoil(cases / "synth-000004")
    region = open_region(cases, DEFINITIONS, jobs=1)
    assert region.table.size == COUNT
    assert "其中 1 家的数据不能读取，按未知计" in front.coverage_words(region)
    assert "计入企业数，各项按未知计" in covering.unread(region).html


def test_a_case_without_a_year_counts_to_the_latest_in_every_figure(cases: Path) -> None:
    later(cases, cases)
    rewrite(cases / "synth-000004-later", without_year)
    region = open_region(cases, DEFINITIONS, jobs=1)
    assert region.table.size == COUNT
    years = region.by("year")
    assert [
        (group.name, count) for (group,), count in zip(years.groups, years.count, strict=True)
    ] == [
        ("2025年", COUNT),
        ("2026年", COUNT),
    ]
    assert "没有填写年度的计入最近一个年度" in method.method(region).html


@pytest.fixture
def two_folders(cases: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Return a folder of this year, and that of last year with one broken and one repeated case."""
    now = later(cases, tmp_path / "now")
    rewrite(cases / "synth-000007", lambda content: None, cases / "twice")
    spoil(cases / "synth-000004")
    return now, cases


def test_what_is_wrong_with_last_years_cases_is_told_like_this_years(
    two_folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, last = two_folders
    out = tmp_path / "out"
    code, said = run(capsys, now, "--last", last, "--out", out, "--tables", "--jobs", 1)
    assert code == 1
    assert "synth-000004（上一年度：读不出，各项未知）" in said
    assert "twice（上一年度：重复，没有计入）" in said
    assert {e["情形"] for e in table(out / "problems.csv")} == {
        "上一年度：读不出，各项未知",
        "上一年度：重复，没有计入",
    }
    region = beside_earlier(open_region(now, DEFINITIONS, jobs=1), gather(last, DEFINITIONS))
    told = covering.unread(region).html
    assert "2025年度有 1 家企业的数据不能读取" in told
    assert "synth-000004" in told
    assert str(last) not in told
    assert "2025年度同一企业同一年度有几份数据的" in told


def test_who_can_only_not_be_read_by_the_definitions_of_that_time_is_told_too(
    cases: Path, tmp_path: Path
) -> None:
    now = later(cases, tmp_path / "now")
    last = gather(cases, DEFINITIONS)
    then = replace(last, unread=(Unread("synth-000002", ("字段不存在",)),))
    region = beside_earlier(open_region(now, DEFINITIONS, jobs=1), last, then)
    assert region.last is not None
    assert region.last.unread == (Unread("synth-000002", ("按当时的定义：字段不存在",)),)


def test_last_years_case_without_a_year_counts_to_last_year(cases: Path, tmp_path: Path) -> None:
    now = later(cases, tmp_path / "now")
    rewrite(cases / "synth-000004", without_year)
    region = beside_earlier(open_region(now, DEFINITIONS, jobs=1), gather(cases, DEFINITIONS))
    assert region.before is not None
    assert region.before.restated.size == COUNT


def test_the_checksum_tells_last_years_data_too(cases: Path, tmp_path: Path) -> None:
    now = open_region(later(cases, tmp_path / "now"), DEFINITIONS, jobs=1)

    def code() -> str:
        return counted.checksum(beside_earlier(now, gather(cases, DEFINITIONS)))

    first = code()
    assert code() == first != counted.checksum(now)
    file = cases / "synth-000004" / "case.yaml"
    file.write_text(file.read_text("utf-8") + "# \n", encoding="utf-8")
    second = code()
    assert second != first
    last = gather(cases, DEFINITIONS)
    other = replace(last, table=replace(last.table, definitions="others"))
    assert counted.checksum(beside_earlier(now, last, other)) != second


def test_without_a_year_before_the_checksum_is_that_of_the_cases_alone(cases: Path) -> None:
    region = open_region(cases, DEFINITIONS, jobs=1)
    lines = [f"{region.table.definitions} 2025"]
    lines += map(" ".join, zip(region.table.ids, region.table.digests, strict=True))
    told = hashlib.sha256("".join(f"{line}\n" for line in lines).encode())
    assert counted.checksum(region) == told.hexdigest()[:16]
