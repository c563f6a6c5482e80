"""Which year a case counts to, in one folder and in two; none is left out without a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dxkit.definitions import load
from dxkit.region import open_region
from dxkit.report.region import covering, front, method
from dxkit.synth import synthesise
from tests.region_runs import rewrite, run, table

DEFINITIONS = load()
COUNT = 12
BROKEN = "annex_3: {\n"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    synthesise(COUNT, 3, tmp_path / "cases", DEFINITIONS)
    return tmp_path / "cases"


def a_year_later(content: dict[str, Any]) -> None:
    for row in content["annex_3"]["yearly"]:
        row["year"] += 1


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
