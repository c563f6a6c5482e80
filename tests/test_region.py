"""The files of a region: what single cases say, counted and checked; others' work is spared."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dxkit import strict_yaml
from dxkit.case import create, look_at
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.synth import synthesise
from tests.command_line import call

DEFINITIONS = load()
COUNT = 25
FILES = {"enterprises.csv", "figures.csv", "benchmarks.csv", "problems.csv", "checksums.csv"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("region")
    synthesise(COUNT, 11, folder, DEFINITIONS)
    return folder


@pytest.fixture
def cases(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "cases")


def table(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call `dxkit region` and return its exit code and all that it says."""

    def running(*arguments: object) -> tuple[int, str]:
        code, out, err = call(capsys, "region", *map(str, arguments))
        return code, out + err

    return running


@pytest.fixture
def make(run: Run) -> Callable[..., str]:
    """Make the tables of a region and return what is said; it must end as told."""

    def making(cases: Path, out: Path, *more: object, code: int = 0) -> str:
        ended, said = run(cases, "--out", out, "--jobs", 1, "--tables", *more)
        assert ended == code, said
        return said

    return making


def content_of(out: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in out.iterdir() if each.suffix == ".csv"}


def test_every_enterprise_has_the_words_of_its_own_diagnosis(
    written: Path, tmp_path: Path, make: Any
) -> None:
    make(written, tmp_path / "out")
    rows = table(tmp_path / "out" / "enterprises.csv")
    assert len(rows) == COUNT
    heads = {
        each.id: f"{each.no} {each.name}{'（%）' if each.kind == 'ratio' else ''}"
        for each in DEFINITIONS.indicators
    }
    for row in rows:
        case = look_at(written / row["标识"], DEFINITIONS)
        assert row["企业名称"] == case.name
        assert row["盟市"] == DEFINITIONS.region_name(case.annex("annex_3")["league"])
        for result in diagnose(case).results:
            words = row[heads[result.indicator.id]]
            if result.state == "known" and result.indicator.kind == "ratio":
                assert f"{float(words):.2f}%" == result.words
            else:
                assert words == {"not_applicable": "不适用", "unknown": "未知"}.get(
                    result.state, result.words
                )


def test_figures_are_a_recount_of_the_listed_enterprises(
    written: Path, tmp_path: Path, make: Any
) -> None:
    make(written, tmp_path / "out")
    listed = table(tmp_path / "out" / "enterprises.csv")
    told = [e for e in table(tmp_path / "out" / "figures.csv") if e["分组"] == "盟市"]
    assert Counter(row["盟市"] for row in listed) == {e["组"]: int(e["企业数"]) for e in told}
    for figure in told:
        own = [row for row in listed if row["盟市"] == figure["组"]]
        head = f"{figure['序号']} {figure['指标']}"
        if figure["类别"] == "比率的平均":
            values = [
                float(e) for row in own if (e := row[f"{head}（%）"]) not in ("未知", "不适用")
            ]
            mean = sum(values) / len(values) if values else None
        else:
            words = Counter(row[head] for row in own)
            values = [100.0] * words["是"] + [0.0] * words["否"]
            mean = 100 * words["是"] / len(values) if values else None
            assert int(figure["“是”的家数"]) == words["是"]
        assert int(figure["有值"]) == len(values)
        if mean is not None:
            assert float(figure["平均或占比（%）"]) == pytest.approx(mean, abs=0.011)
        else:
            assert figure["平均或占比（%）"] == ""


def test_the_same_cases_give_the_same_bytes_from_cache_or_not(
    written: Path, tmp_path: Path, make: Any
) -> None:
    make(written, tmp_path / "one")
    make(written, tmp_path / "two", "--no-cache")
    first = content_of(tmp_path / "one")
    assert first.keys() == FILES
    assert content_of(tmp_path / "two") == first
    make(written, tmp_path / "one")
    assert content_of(tmp_path / "one") == first
    assert not (tmp_path / "two" / "cohort.parquet").exists()
    assert not list((tmp_path / "one").glob(".*"))


def test_looking_at_a_region_writes_nothing_into_its_cases(
    cases: Path, tmp_path: Path, make: Any
) -> None:
    def there() -> dict[str, tuple[int, bytes]]:
        files = (each for each in cases.rglob("*") if each.is_file())
        return {str(e): (e.stat().st_mtime_ns, e.read_bytes()) for e in files}

    (cases / "synth-000002" / "journal.jsonl").unlink()
    before = there()
    make(cases, tmp_path / "out")
    assert there() == before


def test_the_list_of_checksums_finds_what_was_changed_cut_or_lost(
    written: Path, tmp_path: Path, make: Any, run: Run
) -> None:
    out = tmp_path / "out"
    make(written, out)
    counts = {row["文件"]: int(row["数据行数"]) for row in table(out / "checksums.csv")}
    assert counts["enterprises.csv"] == COUNT
    told = {name: rows for name, rows in counts.items() if name.endswith(".csv")}
    assert all(len(table(out / name)) == rows for name, rows in told.items())
    assert run("--out", out, "--check")[0] == 0
    whole = (out / "enterprises.csv").read_bytes()
    (out / "enterprises.csv").write_bytes(whole[: len(whole) // 2])
    (out / "figures.csv").unlink()
    code, said = run("--out", out, "--check")
    assert code == 1
    assert "内容与生成时不同" in said
    assert "文件不见了" in said


def test_what_somebody_else_wrote_is_not_written_over(
    written: Path, tmp_path: Path, make: Any
) -> None:
    out = tmp_path / "out"
    make(written, out)
    (out / "figures.csv").write_text("改过", encoding="utf-8")
    said = make(written, out, code=2)
    assert "生成后改过" in said
    assert (out / "figures.csv").read_text(encoding="utf-8") == "改过"
    make(written, out, "--force")
    assert len(table(out / "figures.csv")) > COUNT


def test_a_broken_case_is_listed_counted_and_told_by_the_exit_code(
    cases: Path, tmp_path: Path, make: Any
) -> None:
    (cases / "synth-000003" / "case.yaml").write_text("annex_3: {\n", encoding="utf-8")
    shutil.copytree(cases / "synth-000001", cases / "twice")
    said = make(cases, tmp_path / "out", code=1)
    assert "synth-000003（读不出，计入企业数，各项未知）" in said
    assert f"{COUNT} 家企业中" in said
    problems = table(tmp_path / "out" / "problems.csv")
    assert {row["标识"] for row in problems} == {"synth-000003", "twice"}
    listed = {row["标识"]: row for row in table(tmp_path / "out" / "enterprises.csv")}
    assert len(listed) == COUNT
    assert listed["synth-000003"]["是否读出"] == "否"


def test_two_years_in_one_folder_or_in_two_tell_the_same_change(
    cases: Path, tmp_path: Path, make: Any
) -> None:
    """The same enterprises a year later: all have their control and management joined."""
    later = tmp_path / "later"
    for folder in sorted(cases.glob("synth-*")):
        content: dict[str, Any] = strict_yaml.read(folder / "case.yaml").data
        for row in content["annex_3"]["yearly"]:
            row["year"] += 1
        content["annex_2"] = {
            "year_changes": [
                {
                    "indicator": ["control_integration"],
                    "cause": "real_change",
                    "explanation": "新装控制系统",
                }
            ]
        }
        content["annex_6"] |= {"data_upward": "D", "orders_downward": "D"}
        del content["format"], content["edition"]
        create(later / f"{folder.name}-later", content, DEFINITIONS, "测试")
    make(later, tmp_path / "apart", "--last", cases)
    both = tmp_path / "both"
    shutil.copytree(cases, both)
    shutil.copytree(later, both, dirs_exist_ok=True)
    make(both, tmp_path / "together")
    apart, together = (content_of(tmp_path / name) for name in ("apart", "together"))
    assert apart["changes.csv"] == together["changes.csv"]
    rows = [e for e in table(tmp_path / "apart" / "changes.csv") if e["分组"] == "合计"]
    control = next(row for row in rows if row["序号"] == "11")
    before = float(control["上年（%）"])
    assert float(control["本年（%）"]) == 100.0
    parts = {key: float(each) for key, each in control.items() if each and "（百分点）" in key}
    assert parts.pop("变化（百分点）") == pytest.approx(100 - before, abs=0.02)
    assert parts["实际变化（百分点）"] > 0
    assert sum(parts.values()) == pytest.approx(100 - before, abs=0.05)
    unchanged = next(row for row in rows if row["序号"] == "24")
    assert unchanged["变化（百分点）"] == "0.0"


def test_a_name_that_looks_like_a_formula_is_made_harmless(tmp_path: Path, make: Any) -> None:
    answers = {"annex_3": {"enterprise_name": "=HYPERLINK(1)有限公司"}}
    create(tmp_path / "cases" / "odd", answers, DEFINITIONS, "测试")
    make(tmp_path / "cases", tmp_path / "out")
    (row,) = table(tmp_path / "out" / "enterprises.csv")
    assert row["企业名称"] == "'=HYPERLINK(1)有限公司"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "没有这个文件夹"),
        (("empty",), "没有企业"),
        (("cases", "--year", "1999"), "2025"),
        (("cases", "--last", "empty"), "没有企业"),
        (("cases", "--last-definitions", "empty"), "--last"),
        (("cases", "--last", "cases"), "没有早于 2025 年的案卷"),
        (("cases", "--out", "cases/synth-000001/out"), "在企业文件夹之内"),
        (("cases", "--out", "cases/synth-000001/case.yaml"), "在企业文件夹之内"),
        (("--check", "--out", "empty"), "没有校验清单"),
        (("cases", "--out", "file/out"), "不是文件夹"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_chinese_line(
    cases: Path, tmp_path: Path, arguments: tuple[str, ...], words: str, run: Run
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    known = ("nowhere", "empty", "cases", "file")
    places = [str(tmp_path / e) if e.partition("/")[0] in known else e for e in arguments]
    out = [] if "--out" in arguments else ["--out", tmp_path / "out"]
    code, said = run(*places, *out)
    assert code == 2, said
    assert words in said
    assert "Traceback" not in said
