"""What a league or group is told of many cases: progress on paper, satisfaction in figures."""

from __future__ import annotations

import io
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from dxkit.case import open_case, writing
from dxkit.cli.course import status
from dxkit.definitions import load
from dxkit.errors import CaseError, ParameterError
from dxkit.facts import fact
from dxkit.forms.asked import filled_of
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from dxkit.handover.progress_report import Chosen, progress_report
from dxkit.lifecycle.satisfaction import satisfaction

PARAMETERS = Path(__file__).parent.parent / "parameters"
DEFINITIONS = load()
HIDDEN = re.compile(r"\[#.*?#\]|[\u200b\u2060]")
TODAY = date(2026, 11, 24)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Return a folder of four cases of which one cannot be read and one was sent back."""
    folder = tmp_path / "cases"
    for name in ("demo-copper", "demo-machinery"):
        shutil.copytree(PARAMETERS / name, folder / name)
    shutil.copytree(PARAMETERS / "demo-copper", folder / "returned")
    history = open_case(folder / "returned").annex("engagement")["history"]
    back = {"transition": "T19b", "to_state": "surveyed", "at": "2026-11-23 18:00", "who": "郑"}
    with writing(folder / "returned", "测试") as writer:
        writer.set("engagement.history", [*history[:-1], back])
        writer.set("engagement.state", "surveyed")
    (folder / "broken").mkdir()
    (folder / "broken/case.yaml").write_text("format: [", encoding="utf-8")
    return folder


def run(*arguments: object) -> Any:
    return CliRunner().invoke(status, [*map(str, arguments)], standalone_mode=False)


def cells(content: bytes) -> list[list[str]]:
    """Return the words of a Word form row by row, without the hidden ids in its labels."""
    tables = docx.Document(io.BytesIO(content)).tables
    rows = ([cell.text for cell in row.cells] for table in tables for row in table.rows)
    return [[HIDDEN.sub("", text) for text in row] for row in rows]


def test_the_report_counts_the_cases_by_state_milestone_and_open_return(cases):
    report = progress_report(cases, Chosen(), TODAY, DEFINITIONS, "docx")
    told = {row[0]: row[-1] for row in cells(report.content) if len(set(row)) == 2}
    assert (told["归档"], told["满意度完成"], told["现场实施"]) == ("1", "1", "1")
    assert told["立项建档"] == "0"
    assert (told["已向主要负责人汇报"], told["已报送盟市工信局"]) == ("2", "1")
    assert told["工信局退回、尚未重新报送"] == "1"
    assert (report.cases, [row.id for row in report.unread]) == (3, ["broken"])


def test_every_case_is_told_with_what_it_did_and_what_is_overdue_and_the_unread_with_them(cases):
    report = progress_report(cases, Chosen(), TODAY, DEFINITIONS, "docx")
    rows = {row[1]: row for row in cells(report.content) if len(row) == 6}
    copper = rows["内蒙古示例铜业有限公司"]
    assert "工信局退回，补充材料" in copper[3] or "归档" in copper[3]
    assert "已逾期" in rows["包头市虚构机械制造有限公司"][4]
    assert rows["broken"][2] == "读不出"
    words = [cell for row in cells(report.content) for cell in row]
    assert any("2026年11月21日" in each.replace(" ", "") for each in words), (
        "behind the last period"
    )
    assert any("另有 1 个案卷读不出" in each for each in words)


def test_a_report_of_one_group_tells_of_its_cases_only_and_leaves_the_words_to_people(cases):
    chosen = Chosen("巴彦淖尔市第一工作组", "150800")
    report = progress_report(cases, chosen, TODAY, DEFINITIONS, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(report.content))
    words = " ".join(str(c.value) for page in book for row in page.rows for c in row if c.value)
    assert report.cases == 2
    assert "内蒙古示例铜业有限公司" in words
    assert "包头市虚构机械" not in words
    assert "巴彦淖尔市工业和信息化局" in words
    with pytest.raises(CaseError, match="没有属于"):
        progress_report(cases, Chosen("第九工作组"), TODAY, DEFINITIONS, "docx")


def test_the_report_can_be_taken_into_the_file_of_a_member(cases, tmp_path):
    report = progress_report(cases, Chosen(), TODAY, DEFINITIONS, "docx")
    (tmp_path / "辅-7.docx").write_bytes(report.content)
    found = compare(
        open_returned(tmp_path / "辅-7.docx", DEFINITIONS), open_case(cases / "demo-machinery")
    )
    assert not found.of("refused")
    assert "aux_7.cases.enterprise" in {item.path for item in found.of("new")}


def test_in_a_case_the_form_counts_that_case_alone():
    counts = fact(open_case(PARAMETERS / "demo-copper"), "progress_counts")
    assert {code for code, count in counts.items() if count} == {"archived", "T14", "T16", "T17"}
    assert fact(open_case(PARAMETERS / "demo-empty"), "progress_counts")["not_begun"] == 1


def test_the_command_writes_the_report_and_always_lists_what_it_could_not_read(cases, tmp_path):
    out = tmp_path / "辅-7.docx"
    done = run(cases, "--progress", "--out", out)
    assert done.exception is None, done.exception
    assert out.is_file()
    assert "辅-7汇总了 3 户" in done.output
    assert "broken 读不出" in done.output
    assert "broken 读不出" in run(cases, "--progress").output
    assert isinstance(run(cases, "--out", out).exception, ParameterError)
    assert isinstance(run(cases, "--progress", "--group", "甲").exception, ParameterError)


def test_ratings_of_fewer_than_three_are_not_told(cases):
    told = {(each.by, each.name): each for each in satisfaction(cases)}
    assert told["盟市", "巴彦淖尔市"].count == 2
    assert {each.mean for each in told.values()} == {None}
    shutil.copytree(cases / "demo-copper", cases / "third")
    by = {each.by: each for each in satisfaction(cases)}
    score, grade = (
        fact(open_case(cases / "third"), f"survey_{each}") for each in ("score", "grade")
    )
    assert set(by) == {"全部", "盟市", "工作组", "组长"}
    assert all((each.count, each.mean) == (3, score) for each in by.values())
    assert by["组长"].grades == {grade: 3}
    said = run(cases, "--satisfaction").output
    assert "不足 3 份的不列出" in said
    assert "broken 读不出" in said


def test_only_what_people_are_to_fill_in_is_counted_as_asked():
    case = open_case(PARAMETERS / "demo-copper")
    annexes = case.definitions.annexes
    assert filled_of(case, annexes["annex_7"]) == (10, 10), "the rest it computes itself"
    assert filled_of(case, annexes["aux_9"])[0] == filled_of(case, annexes["aux_9"])[1]
    assert filled_of(case, annexes["engagement"]) == (0, 0)
    empty = open_case(PARAMETERS / "demo-empty")
    filled, asked = filled_of(empty, annexes["aux_9"])
    assert (filled, asked) == (0, 34), "24 values, and ten fields that are always required"
