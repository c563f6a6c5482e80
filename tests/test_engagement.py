"""One invented enterprise from `dxkit new` to the archive, by the command line alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from PIL import Image

from dxkit import paths
from dxkit.case import Case, journal, open_case
from dxkit.cli import main
from dxkit.definitions import load
from dxkit.facts import fact
from dxkit.forms.excel import read_form, write_form
from tests import engagement_answers as told

DEFINITIONS = load()
NAME = "assembly"
# The seed draws a small assembler of whom every question is answered and little is claimed.
SEED = "22"
CLAIMED = {
    "A001": "营业执照副本",
    "B005": "统计报表",
    "C001": "设备台账",
    "C002": "设备采购合同",
    "E001": "系统清单",
    "F002": "关键工序文件",
    "L001": "真实性承诺",
}

Run = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty workspace."""
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    paths.workspace.cache_clear()


@pytest.fixture
def dxkit(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a user does and return what it prints; it must end as expected."""

    def run(*arguments: object, ends_with: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = capsys.readouterr()
        assert ended.value.code == ends_with, f"{arguments}\n{said.out}\n{said.err}"
        return said.out + said.err

    return run


class Consultant:
    """Somebody who fills in forms in Excel, files proofs and moves the case on."""

    def __init__(self, home: Path, run: Run) -> None:
        self.home, self.run = home, run

    @property
    def case(self) -> Case:
        return open_case(self.home / "parameters" / NAME, DEFINITIONS)

    def fills_in(self, annex: str, answers: dict[str, Any]) -> None:
        """Have a form sent out, type into it, send it back."""
        form = self.home / f"{annex}.xlsx"
        office = bool(DEFINITIONS.annexes[annex].for_office)
        out = ("--format", "xlsx", "--out", form, "--who", told.WRITER)
        self.run("form", "export", NAME, "--annex", annex, *out, *(["--office"] if office else []))
        stamp = read_form(form.read_bytes(), DEFINITIONS).stamp
        case = self.case
        typed = {**case.data, annex: {**case.annex(annex), **answers}}
        whole = Case(case.folder, typed, DEFINITIONS, case.digest)
        form.write_bytes(write_form(DEFINITIONS.annexes[annex], DEFINITIONS, whole, stamp, office))
        self.run("form", "import", NAME, form, "--yes", "--who", told.WRITER)
        form.unlink()

    def files(self, item: str, title: str) -> None:
        """Take in a proof and accept it."""
        paper = self.home / f"{title}.txt"
        paper.write_text(f"{title}（虚构）", encoding="utf-8")
        about = ("--title", title, "--provider", told.LINK, "--secrecy", "企业内部")
        self.run("evidence", "add", NAME, paper, "--annex7", item, *about, "--who", told.WRITER)
        self.accepts(self.case.annex("annex_7")["evidence"][-1]["evidence_no"])

    def keeps(self, number: str) -> str:
        """Take in the signed sheet of a meeting and return where it lies in the case."""
        self.files("L", f"{number}签到表")
        return str(self.case.annex("annex_7")["evidence"][-1]["file"])

    def accepts(self, number: str) -> None:
        """Review a proof and find nothing wrong with it."""
        review = ("--outcome", "accepted", "--method", "核对原件", "--who", told.EXPERT)
        self.run("evidence", "review", NAME, number, *review)

    def photographs(self, node: str, shade: int) -> None:
        """Take in a picture of a place that is drawn, with consent."""
        path = self.home / f"{node}.png"
        Image.linear_gradient("L").rotate(shade).save(path)
        about = ("--node", node, "--place", "会议室", "--subject", "示例图案")
        may = ("--consent", "yes", "--secrecy", "一般", "--photographer", told.WRITER)
        self.run("evidence", "add", NAME, path, "--photo", *about, *may, "--who", told.WRITER)

    def takes(self, *steps: str, **allowances: str) -> str:
        """Move the case on, step by step."""
        said = ""
        for step in steps:
            letting = [part for rule in allowances.items() for part in ("--override", *rule)]
            said += self.run("advance", NAME, "--to", step, "--who", told.LEADER, *letting)
        return said


@pytest.fixture
def consultant(home: Path, dxkit: Run) -> Consultant:
    """Give somebody with a new case of an enterprise that was drawn."""
    dxkit("synth", 1, "--seed", SEED, "--out", home / "drawn")
    drawn = open_case(home / "drawn" / "synth-000001", DEFINITIONS).annex("annex_3")
    who = ("--enterprise", drawn["enterprise_name"], "--uscc", drawn["uscc"])
    dxkit("new", NAME, *who, "--league", drawn["league"], "--industry", drawn["industry_division"])
    return Consultant(home, dxkit)


@pytest.mark.slow
def test_an_enterprise_goes_from_nothing_to_the_archive(
    consultant: Consultant, dxkit: Run, home: Path
) -> None:
    drawn = open_case(home / "drawn" / "synth-000001", DEFINITIONS)
    _prepare(consultant, dxkit, drawn)
    _work_on_site(consultant, drawn)
    _report(consultant, dxkit)
    _close(consultant, dxkit, home)
    _look_at_what_is_left(consultant, dxkit)


def _prepare(consultant: Consultant, dxkit: Run, drawn: Case) -> None:
    refused = dxkit("advance", NAME, "--who", told.LEADER, ends_with=2)
    assert "R-01" in refused and "是否规模以上工业企业" in refused
    consultant.fills_in("annex_3", told.application(dict(drawn.annex("annex_3"))))
    consultant.takes("T01")
    consultant.fills_in("annex_4", told.plan(DEFINITIONS))
    consultant.fills_in("aux_1", told.commitments())
    consultant.takes("T02", "T03", "T04")
    consultant.fills_in("aux_2", told.notice())
    consultant.takes("T05")
    refused = dxkit("advance", NAME, "--to", "T06", "--who", told.LEADER, ends_with=2)
    assert "R-17" in refused and "企业盖章" in refused
    consultant.takes("T06", **{"R-17": "公章正在年检，签字件先行受理。"})
    _self_assess(consultant, dxkit)
    consultant.takes("T07", "T08", "T09")


def _self_assess(consultant: Consultant, dxkit: Run) -> None:
    papers = {each: consultant.home / f"{each}.txt" for each in ("report", "questionnaire")}
    for kind, path in papers.items():
        path.write_text(f"两化融合自评估 {kind}", encoding="utf-8")
    files = [part for kind, path in papers.items() for part in (f"--{kind}", path)]
    about = ("--completed", told.day(-6), "--provider", told.LINK, "--secrecy", "企业内部")
    dxkit("evidence", "self-assessment", NAME, *files, *about, "--who", told.WRITER)
    consultant.accepts("E-D001")
    consultant.accepts("E-D002")


def _work_on_site(consultant: Consultant, drawn: Case) -> None:
    scans = {number: consultant.keeps(number) for number in ("M01", "M02", "M03")}
    consultant.fills_in("annex_5", told.meetings(scans))
    consultant.fills_in("aux_3", told.minutes())
    consultant.fills_in("aux_5", told.training())
    refused = consultant.run("advance", NAME, "--who", told.LEADER, ends_with=2)
    assert "R-27" in refused and "没有照片的启动会" in refused
    for shade, node in enumerate(("kickoff", "training", "closing")):
        consultant.photographs(node, 10 * shade)
    consultant.takes("T10")
    consultant.fills_in("annex_6", told.record(dict(drawn.annex("annex_6"))))
    for item, title in CLAIMED.items():
        consultant.files(item, title)
    consultant.photographs("site", 90)
    review = {"filled_on": told.day(0), "overall_opinion": "sufficient", "signed_on": told.day(0)}
    rows = told.ledger(DEFINITIONS)
    consultant.fills_in("annex_7", {**review, "service_ledger": rows})
    consultant.takes("T11", "T12")


def _report(consultant: Consultant, dxkit: Run) -> None:
    consultant.fills_in("annex_2", told.report(DEFINITIONS))
    draft = consultant.home / "draft"
    dxkit("batch", consultant.home / "parameters", "--out", draft, "--formats", "html", "--quiet")
    page = (draft / NAME / "report.html").read_text(encoding="utf-8")
    assert consultant.case.name in page
    refused = dxkit("advance", NAME, "--who", told.LEADER, ends_with=2)
    assert "R-43" in refused and "第18项" in refused
    consultant.fills_in("annex_1", told.self_check())
    said = consultant.takes("T13")
    assert "V1.0" in said


def _close(consultant: Consultant, dxkit: Run, home: Path) -> None:
    consultant.fills_in("aux_10", told.delivery())
    meeting, sheet = told.briefing_meeting(consultant.keeps("M04"))
    known = consultant.case.annex("annex_5")
    both = {
        "meetings": [*known["meetings"], meeting],
        "attendees": [*known["attendees"], *sheet],
    }
    consultant.fills_in("annex_5", both)
    consultant.fills_in("aux_6", told.briefing())
    consultant.takes("T14")
    consultant.fills_in("annex_8", told.survey())
    consultant.takes("T15")
    pack = home / "bureau.zip"
    dxkit("pack", NAME, "--for", "bureau", "--out", pack, "--who", told.WRITER)
    assert "0 处不符" in dxkit("verify", pack)
    dxkit("unpack", pack, "--out", home / "received")
    consultant.fills_in("aux_8", told.submission())
    consultant.takes("T16")
    table = home / "filing.csv"
    dxkit("filing", NAME, "--out", table)
    consultant.fills_in("aux_9", told.filing(_keyed_in(table)))
    consultant.takes("T17")
    rows = [
        {**row, "status": "archived"} for row in consultant.case.annex("annex_7")["service_ledger"]
    ]
    consultant.fills_in("annex_7", {"service_ledger": rows})
    assert "现为“归档”" in consultant.takes("T18")


def _keyed_in(table: Path) -> dict[str, str]:
    """Return what somebody types who copies the table, by the indicator's id."""
    numbered = {str(each.no): each.id for each in DEFINITIONS.indicators}
    with table.open(encoding="utf-8-sig", newline="") as stream:
        heads, *rows = csv.reader(stream)
    assert len(rows) == 24
    value = heads.index("填报值")
    return {numbered[row[0]]: row[value] for row in rows}


def _look_at_what_is_left(consultant: Consultant, dxkit: Run) -> None:
    case = consultant.case
    course = case.annex("engagement")
    steps = [row["transition"] for row in course["history"]]
    assert steps == [f"T{number:02d}" for number in range(1, 19)]
    assert [(row["rule"], row["who"]) for row in course["overrides"]] == [("R-17", told.LEADER)]
    assert [row["version"] for row in course["issues"]] == ["V1.0"]
    text = "\n".join(
        paragraph.text
        for paragraph in Document(
            BytesIO((case.folder / "issued/V1.0/report.docx").read_bytes())
        ).paragraphs
    )
    assert case.name in text
    assert list(journal.verify(case.folder)) == []
    assert fact(case, "filing_differences") == ()
    assert "0 处不符" in dxkit("verify", case.folder)
    assert "：归档" in dxkit("status", NAME)
    plain = json.loads(dxkit("status", NAME, "--json"))
    assert plain["ahead"] == []
