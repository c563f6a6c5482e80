"""What is secret stays out of forms that go out, comes back unchanged, and never leaves later."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from dxkit import paths
from dxkit.case import Case, open_case
from dxkit.cli import commands
from dxkit.errors import HandoverError
from dxkit.evidence.secrecy import HIDDEN, staying
from dxkit.handover.contents import Gatherer
from dxkit.handover.entries import Position
from dxkit.handover.exposed import exposed
from dxkit.handover.packing import make_pack


@pytest.fixture
def case(tmp_path: Path) -> Case:
    folder = tmp_path / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-copper", folder)
    return open_case(folder)


def secret_titles(case: Case) -> list[str]:
    rows = case.annex("annex_7")["evidence"]
    return [row["title"] for row in rows if row["secrecy"] in ("secret", "no_copy")]


def exported(case: Case, out: Path, *more: str) -> str:
    """Export a form by the command and return everything its package says."""
    told = CliRunner().invoke(
        commands, ["form", "export", str(case.folder), *more, "--out", str(out)]
    )
    assert told.exit_code == 0, told.output
    if out.suffix == ".xlsx":
        cells = (c for page in load_workbook(out) for row in page.iter_rows() for c in row)
        return told.output + "\n".join(str(cell.value) for cell in cells)
    return told.output + "".join(Document(str(out)).element.itertext())


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_ledger_that_goes_out_hides_what_is_secret_and_comes_back_unchanged(
    case: Case, tmp_path: Path, kind: str
) -> None:
    out = tmp_path / f"ledger.{kind}"
    text = exported(case, out, "--annex", "7", "--format", kind)
    titles = secret_titles(case)
    assert len(titles) >= 2
    assert [title for title in titles if title in text] == []
    assert HIDDEN in text and "已隐去内容" in text
    back = CliRunner().invoke(commands, ["form", "import", str(case.folder), str(out), "--dry-run"])
    assert "新值 0 项，删除 0 项，冲突 0 项，读不出 0 项" in back.output


def test_a_title_written_over_a_hidden_one_is_read(case: Case, tmp_path: Path) -> None:
    out = tmp_path / "ledger.xlsx"
    exported(case, out, "--annex", "7", "--format", "xlsx")
    book = load_workbook(out)
    cell = next(c for page in book for row in page.iter_rows() for c in row if c.value == HIDDEN)
    cell.value = "改过的名称"
    book.save(out)
    back = CliRunner().invoke(commands, ["form", "import", str(case.folder), str(out), "--dry-run"])
    assert "新值 1 项，删除 0 项" in back.output


def test_the_whole_ledger_goes_out_only_for_a_purpose_which_is_logged(
    case: Case, tmp_path: Path
) -> None:
    asked = ["form", "export", str(case.folder), "--annex", "7", "--format", "xlsx", "--original"]
    refused = CliRunner().invoke(commands, [*asked, "--out", str(tmp_path / "a.xlsx")])
    assert refused.exit_code != 0 and not (tmp_path / "a.xlsx").exists()
    options = ["--annex", "7", "--format", "xlsx", "--original", "--purpose", "机构内部归档"]
    text = exported(case, tmp_path / "b.xlsx", *options)
    assert all(title in text for title in secret_titles(case))
    logged = open_case(case.folder).annex("engagement")["exports"][-1]
    assert (logged["purpose"], "secret" in logged["contains"]) == ("机构内部归档", True)


def test_an_issued_report_that_shows_what_may_no_longer_leave_is_not_packed(case: Case) -> None:
    issue = case.annex("engagement")["issues"][-1]
    assert exposed(case, issue) == []
    rows = [dict(row) for row in case.annex("aux_4")["photos"]]
    rows[2]["consent"] = "no"
    changed = Case(
        case.folder,
        {**case.data, "aux_4": {**case.annex("aux_4"), "photos": rows}},
        case.definitions,
        case.digest,
    )
    assert exposed(changed, issue) == [("PH-003", "企业同意：否")]
    plan = case.definitions.handover
    for pack in plan.packs:
        problems = list(Gatherer(changed, plan, pack, Position(1, "", "")).unfit())
        assert any("PH-003 不得外传" in each.found for each in problems), pack.id


def test_a_pack_names_what_the_report_must_be_corrected_for(case: Case, tmp_path: Path) -> None:
    text = (case.folder / "case.yaml").read_text(encoding="utf-8")
    assert "photo_no: PH-003" in text
    head, tail = text.split("photo_no: PH-003", 1)
    (case.folder / "case.yaml").write_text(
        head
        + "photo_no: PH-003"
        + tail.replace("consent: yes", "consent: no", 1).replace(
            "consent: 'yes'", "consent: 'no'", 1
        ),
        encoding="utf-8",
    )
    assert "PH-003" in {item.number for item, _ in staying(open_case(case.folder))}
    with pytest.raises(HandoverError, match="PH-003 不得外传"):
        make_pack(case.folder, "enterprise", "测试", tmp_path / "e.zip")
    assert not (tmp_path / "e.zip").exists()
