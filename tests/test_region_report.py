"""What report and workbook of the region say: a recount of the cases, wherever one reads."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

from dxkit import paths
from dxkit.assessment.explanation import IndicatorResult
from dxkit.case import create, look_at
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.errors import ParameterError
from dxkit.export import export_all
from dxkit.notebook import CACHE, begin_region, read
from dxkit.percentages import percent
from dxkit.region import Region, open_region
from dxkit.region.verifying import verify_workbook
from dxkit.region.workbook import workbook
from dxkit.report.blocks import Block
from dxkit.report.region import change, counted, covering, front, groups, method, results, tables
from dxkit.synth import synthesise
from tests.command_line import call
from tests.definition_set import copy_to, edit

DEFINITIONS = load()
COUNT = 14
CHAPTERS = (change, covering, front, groups, method, results, tables)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen enterprises, one of which cannot be read."""
    folder = tmp_path_factory.mktemp("region")
    synthesise(COUNT, 5, folder, DEFINITIONS)
    (folder / "synth-000002" / "case.yaml").write_text("annex_3: {\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def region(cases: Path) -> Region:
    return open_region(cases, DEFINITIONS, jobs=1)


@dataclass(frozen=True)
class Recount:
    """One indicator counted from the diagnosis of each case, and not by the roll-up."""

    known: tuple[float, ...]
    unknown: int
    exempt: int

    @property
    def mean(self) -> str:
        if not self.known:
            return "未知" if self.unknown else "不适用"
        star = "*" if len(self.known) < 5 else ""
        return percent(sum(self.known) / len(self.known)) + star


@cache
def diagnosed(folder: Path) -> tuple[tuple[IndicatorResult, ...], ...]:
    every = [each for each in sorted(folder.iterdir()) if each.name != "synth-000002"]
    return tuple(diagnose(look_at(each, DEFINITIONS)).results for each in every)


def recount(folder: Path) -> dict[str, Recount]:
    found = {}
    for place, indicator in enumerate(DEFINITIONS.indicators):
        own = [each[place] for each in diagnosed(folder)]
        known = tuple(float(each.value or 0) for each in own if each.state == "known")
        unknown = 1 + sum(each.state == "unknown" for each in own)
        found[indicator.name] = Recount(known, unknown, len(own) + 1 - len(known) - unknown)
    return found


def rows_of(block: Block, place: int = 0) -> list[list[str]]:
    table = html.fromstring(f"<div>{block.html}</div>").findall(".//table")[place]
    return [[cell.text_content() for cell in row] for row in table.iterfind("tbody/tr")]


def is_recount(rows: Sequence[Sequence[str]], folder: Path) -> None:
    """Assert that a table of the results says what a recount says."""
    told = recount(folder)
    assert [row[1] for row in rows] == [each.name for each in DEFINITIONS.indicators]
    for _, name, base, _, unknown, exempt, mean, *_ in rows:
        own = told[name]
        assert (int(base), int(unknown), int(exempt)) == (len(own.known), own.unknown, own.exempt)
        assert mean == own.mean, name


def test_the_results_are_a_recount_of_the_cases(region: Region, cases: Path) -> None:
    is_recount(rows_of(results.results(region)), cases)


def test_coverage_counts_the_case_that_cannot_be_read_and_names_it(
    region: Region, cases: Path
) -> None:
    done = sum(any(e.state != "unknown" for e in each) for each in diagnosed(cases))
    words = front.coverage_words(region)
    assert f"{COUNT} 家中评估 {done} 家" in words
    assert "1 家的数据不能读取" in words
    assert [row[0] for row in rows_of(covering.unread(region))] == ["synth-000002"]


def test_the_groups_of_leagues_add_up_to_all_and_say_why(region: Region) -> None:
    block = covering.by(region, "league")
    *groups_told, total = rows_of(block)
    assert sum(int(row[1]) for row in groups_told) == int(total[1]) == COUNT
    assert "满洲里市、二连浩特市单列" in block.html


def test_types_may_add_up_to_more_than_all_which_is_said_below(region: Region) -> None:
    assert "各类之和不等于合计" in covering.by(region, "type").html


def test_every_cell_of_the_appendix_is_the_roll_up(region: Region) -> None:
    rolled = region.by("league")
    block = tables.full(region, "league")
    digital = [e for e in DEFINITIONS.indicators if e.no <= 6]
    rows = {row[0]: row for row in rows_of(block)}
    for place, (group,) in enumerate(rolled.groups):
        for column, indicator in enumerate(digital, start=2):
            figure = rolled.figure(indicator.id, place)
            cell = rows[group.name][column]
            if figure.mean is None:
                assert cell in ("未知", "不适用")
            else:
                assert cell.startswith(percent(figure.mean))
                assert cell.endswith(f"{figure.base}家")


def test_published_values_stand_with_year_population_and_source(region: Region) -> None:
    rows = rows_of(results.benchmarks(region))
    aims = [row for row in rows if "内蒙古自治区2025年" in row[4] and row[0].startswith("1 ")]
    assert [row[2] for row in aims] == ["68.00%"]
    own = region.total.figure("key_process_nc_rate").mean
    assert own is not None
    assert float(aims[0][3]) == pytest.approx(100 * (own - 0.68), abs=0.011)
    assert "规模以上工业企业" in aims[0][5]
    apart = rows_of(results.benchmarks(region), 1)
    assert apart
    assert all(row[4] for row in apart)


def test_assumptions_are_labelled(region: Region) -> None:
    rows = rows_of(method.readings(region))
    told = {row[1]: row[3] for row in rows}
    assert told == {each.name: each.basis.words for each in DEFINITIONS.indicators}
    assert "本工具设定（假定）" in method.method(region).html


def test_one_year_alone_says_that_there_is_no_change_to_tell(region: Region) -> None:
    assert "没有上一年度可比" in change.total(region).html
    assert "没有上一年度可比" in change.by_league(region).html


def test_the_checksum_changes_with_any_case(region: Region, cases: Path, tmp_path: Path) -> None:
    shutil.copytree(cases, tmp_path / "cases")
    same = open_region(tmp_path / "cases", DEFINITIONS, jobs=1)
    assert counted.checksum(same) == counted.checksum(region)
    path = tmp_path / "cases" / "synth-000001" / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# \n", encoding="utf-8")
    other = open_region(tmp_path / "cases", DEFINITIONS, jobs=1)
    assert counted.checksum(other) != counted.checksum(region)


def test_a_change_tells_its_parts_and_they_add_up(tmp_path: Path) -> None:
    """Two enterprises: 0 of 4 and 2 of 4 became 4 of 4 and 2 of 4; one says that it is real."""
    for name, now, cause in (("a", 4, "real_change"), ("b", 2, None)):
        for year, part in ((2024, 0 if name == "a" else 2), (2025, now)):
            told: dict[str, Any] = {
                "annex_3": {"uscc": f"9115010000000000{name}{name}".upper(), "league": "150200"},
                "annex_2": {"data_period_year": year},
                "annex_6": {"key_processes_nc": part, "key_processes": 4},
            }
            if cause and year == 2025:
                told["annex_2"]["year_changes"] = [
                    {"indicator": ["key_process_nc_rate"], "cause": cause, "explanation": "新装"}
                ]
            create(tmp_path / f"{name}-{year}", told, DEFINITIONS, "测试")
    region = open_region(tmp_path, DEFINITIONS, jobs=1)
    block = change.total(region)
    heads = [e.text_content() for e in html.fromstring(block.html).iter("th")]
    row = dict(zip(heads, rows_of(block)[0], strict=True))
    assert row["2024年"] == "25.00%2家"
    assert row["2025年"] == "75.00%2家"
    assert row["变化"] == row["实际变化"] == "+50.00"
    assert "原因未说明" not in row
    assert "2024年（2家）25.00%；" in block.html
    assert "包头市" in change.by_league(region).html


def test_a_notebook_told_of_last_years_definitions_tells_what_they_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One enterprise with the same answers; orders had to come down at step D, now at C."""
    old = copy_to(tmp_path / "definitions-then")
    rule = old / "indicators" / "networked" / "control_integration.yaml"
    edit(rule, "question: orders_downward, at_least: C", "question: orders_downward, at_least: D")
    for year, folder in ((2024, "then"), (2025, "now")):
        told = {
            "annex_3": {"uscc": "91150100000000001A"},
            "annex_2": {"data_period_year": year},
            "annex_6": {"data_upward": "D", "orders_downward": "C"},
        }
        create(tmp_path / folder / "one", told, DEFINITIONS, "测试")
    monkeypatch.setenv(CACHE, str(tmp_path / "cohort.parquet"))
    now, *then = (str(tmp_path / name) for name in ("now", "then", "definitions-then"))
    block = change.total(begin_region(now, 0, *then))
    heads = [e.text_content() for e in html.fromstring(block.html).iter("th")]
    (row,) = [each for each in rows_of(block) if "100.00%1家" in each]
    found = dict(zip(heads, row, strict=True))
    assert (found["2024年"], found["2025年"]) == ("0.00%1家", "100.00%1家")
    assert found["变化"] == found["定义修订"] == "+100.00"
    unrevised = change.total(begin_region(now, 0, then[0]))
    assert "定义修订" not in unrevised.html


def every_cell(region: Region) -> Any:
    """Return the notebook as its cells fill it, run in this process."""
    notebook = read(paths.notebooks() / "region.ipynb")
    names = {each.__name__.rpartition(".")[2]: each for each in CHAPTERS} | {"r": region}
    for cell in notebook.cells:
        # The cell that imports and looks at the folder is left out: that is done already.
        if cell.cell_type == "code" and re.fullmatch(r"\w+\.\w+\(r\b.*\)", cell.source):
            data = {"text/html": eval(cell.source, dict(names))._repr_html_()}
            cell.outputs = [nbformat.v4.new_output("display_data", data)]
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize("answers", [{}, {"key_processes_nc": 3, "key_processes": 4}])
def test_one_case_makes_a_report_whether_it_tells_anything_or_not(
    tmp_path: Path, answers: dict[str, Any]
) -> None:
    create(tmp_path / "one", {"annex_6": answers} if answers else {}, DEFINITIONS, "测试")
    region = open_region(tmp_path, DEFINITIONS, jobs=1)
    page = export_all(every_cell(region), ("html",))["html"].decode("utf-8")
    assert f"1 家中评估 {len(answers) // 2} 家" in page
    assert "年度未填" in page
    words = html.fromstring(page).text_content()
    assert ("75.00%*" in words) is bool(answers)
    assert "nan" not in words
    assert "None" not in words


def test_a_folder_without_cases_is_refused_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="没有企业"):
        open_region(tmp_path, DEFINITIONS)


@pytest.fixture
def book(region: Region, tmp_path: Path) -> Path:
    path = tmp_path / "region.xlsx"
    path.write_bytes(workbook(region))
    return path


def test_a_workbook_verifies_and_has_its_numbers_as_numbers(
    book: Path, region: Region, cases: Path
) -> None:
    assert list(verify_workbook(book)) == []
    sheet = load_workbook(book)["总体"]
    heads = [cell.value for cell in sheet[4]]
    mean = heads.index("平均或占比")
    told = recount(cases)
    for row in sheet.iter_rows(5):
        own = told[row[1].value]
        value = row[mean].value
        if own.known:
            assert value == pytest.approx(sum(own.known) / len(own.known), abs=1e-9)
            assert row[mean].number_format == "0.00%"
        else:
            assert value is None
    assert sheet.freeze_panes == "C5"
    assert sheet.page_setup.orientation == "landscape"


def test_the_workbook_has_the_same_bytes_every_time(book: Path, region: Region) -> None:
    assert workbook(region) == book.read_bytes()


def test_every_enterprise_stands_in_the_workbook_with_its_words(book: Path, cases: Path) -> None:
    sheet = load_workbook(book)["24项明细"]
    heads = [cell.value for cell in sheet[4]]
    rows = {row[0]: row for row in sheet.iter_rows(5, values_only=True)}
    assert len(rows) == COUNT
    assert {*rows["synth-000002"][-24:]} == {"未知"}
    first = diagnosed(cases)[0]
    for result in first:
        cell = rows["synth-000001"][heads.index(f"{result.indicator.no} {result.indicator.name}")]
        words = percent(cell) if isinstance(cell, float | int) else cell
        assert words == result.words


@pytest.mark.parametrize(
    ("change_made", "words"),
    [
        (lambda book: book["24项明细"].delete_rows(9), f"{COUNT - 1} 行数据"),
        (lambda book: book["24项明细"].delete_cols(12), "内容与生成时不同"),
        (lambda book: book["总体"].cell(5, 6, 1), "内容与生成时不同"),
        (lambda book: book.remove(book["覆盖"]), "工作表不见了"),
        (lambda book: book["分盟市"].cell(2, 1, "共 1 行数据"), "共 1 行数据"),
        (lambda book: book["说明"].delete_rows(6), "共 10 行数据"),
    ],
)
def test_a_workbook_that_was_cut_or_changed_is_noticed(
    book: Path, change_made: Any, words: str
) -> None:
    opened = load_workbook(book)
    change_made(opened)
    opened.save(book)
    told = "；".join(map(str, verify_workbook(book)))
    assert words in told


def test_a_workbook_saved_again_unchanged_still_verifies(book: Path) -> None:
    load_workbook(book).save(book)
    assert list(verify_workbook(book)) == []


def test_what_is_no_workbook_of_the_region_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(ParameterError, match="打不开"):
        list(verify_workbook(path))


def test_a_name_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    answers = {"annex_3": {"enterprise_name": "=HYPERLINK(1)有限公司"}}
    create(tmp_path / "cases" / "odd", answers, DEFINITIONS, "测试")
    path = tmp_path / "region.xlsx"
    path.write_bytes(workbook(open_region(tmp_path / "cases", DEFINITIONS, jobs=1)))
    cell = load_workbook(path)["24项明细"].cell(5, 3)
    assert cell.data_type == "s"
    assert "HYPERLINK" in str(cell.value)
    assert list(verify_workbook(path)) == []


@pytest.mark.slow
def test_word_page_and_pdf_say_what_a_recount_says(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One run of the command; its exit code tells of the case that cannot be read."""
    out = tmp_path / "out"
    code, said, err = call(capsys, "region", str(cases), "--out", str(out), "--jobs", "1")
    assert code == 1, said + err
    page = html.fromstring((out / "region.html").read_bytes())
    table = next(e for e in page.iter("table") if "24项指标汇总表" in e.text_content())
    is_recount([[c.text_content() for c in r] for r in table.iterfind("tbody/tr")], cases)
    document = Document(io.BytesIO((out / "region.docx").read_bytes()))
    named = [(e, [c.text for c in e.rows[0].cells]) for e in document.tables]
    wanted = next(e for e, heads in named if "均值或占比" in heads)
    is_recount([[c.text for c in row.cells] for row in wanted.rows[1:]], cases)
    text = "".join(p.extract_text() for p in PdfReader(out / "region.pdf").pages)
    assert f"{COUNT}家中评估" in text.replace(" ", "")
    assert counted.checksum(open_region(cases, DEFINITIONS, jobs=1)) in text
    assert str(cases) not in page.text_content()


@pytest.mark.slow
def test_the_notebook_runs_with_the_stock_tools(cases: Path, tmp_path: Path) -> None:
    """The papermill command line with the stock kernel, then nbconvert."""
    out = tmp_path / "out.ipynb"
    source = paths.notebooks() / "region.ipynb"
    run = [sys.executable, "-m", "papermill", source, out, "-p", "cases", cases, "-k", "python3"]
    subprocess.run(list(map(str, run)), check=True, capture_output=True, timeout=300)
    told = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "dxkit-html", str(out)]
    subprocess.run(told, check=True, capture_output=True, timeout=300)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert f"{COUNT} 家中评估" in page
