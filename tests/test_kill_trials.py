"""Programs killed at random moments: what they wrote is all there or not at all, and no litter.

Each trial forks a process that has everything imported, so that the moment of the kill lies in
the work and not in the start.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dxkit.case import Case, create, journal, open_case
from dxkit.case.storage import PART
from dxkit.evidence import Intake, add
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from dxkit.forms.sending import form_bytes, write_whole
from dxkit.forms.stamping import Sending, log_sending
from dxkit.lifecycle import advance
from tests import test_lifecycle
from tests.mutilations import (
    DEFINITIONS,
    PRODUCTS,
    Post,
    edited_body,
    edited_book,
    new_case,
    place_in,
    row_in,
    sent,
    spot_of,
    table_of,
    write,
)
from tests.test_evidence import picture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kill -9 and fork are POSIX"),
]
IMPORTS, EXPORTS, ADDITIONS, STEPS = 30, 30, 30, 30
OWN = {"case.yaml", "journal.jsonl", ".lock"}
Work = Callable[[], Any]


def killed(work: Work, seconds: float, since: Callable[[], bool] = lambda: True) -> bool:
    """Do something in another process and kill it some time after a moment has come.

    Returns whether it was done before.
    """
    child = os.fork()
    if child == 0:
        os._exit(_exit_code(work))
    ended, status = 0, 0
    while not ended and not since():
        time.sleep(0.0002)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.waitstatus_to_exitcode(status) == 0


def _exit_code(work: Work) -> int:
    try:
        work()
    except BaseException:
        return 1
    return 0


def soon(dice: random.Random) -> float:
    """Return some seconds up to a hundredth, mostly far less: a disk may be as quick as that."""
    return float(0.01 * dice.random() ** 4)


def duration(work: Work) -> float:
    """Tell how long something takes in a process of its own."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(_exit_code(work))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.monotonic() - begun


def assert_sound(folder: Path) -> Case:
    """Reopen a case: its journal is whole and tells its content."""
    case = open_case(folder, DEFINITIONS)
    assert list(journal.verify(folder)) == []
    assert journal.replay(journal.read(folder)) == dict(case.data)
    return case


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# -- form import --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    """A case, and a form of it that came back in each format with many changes."""
    case = new_case(tmp_path_factory.mktemp("sent"))
    sheets, words = sent(case, "xlsx"), sent(case, "docx")
    rows = "".join(f"产品{n},{n}\n" for n in range(200))

    def fill_sheets(book: Any) -> None:
        sheet, row = spot_of(book, "contact_name")
        sheet.cell(row, 3).value = "王工"
        for row in range(20, 120):
            table_of(book).cell(row, 3).value = f"产品{row}"

    def fill_words(root: Any) -> None:
        write(place_in(root, "contact_name"), "王工")
        write(place_in(root, "ai_needs"), "长" * 20_000)
        row_in(root, 2).getparent().remove(row_in(root, 2))

    files = {
        "xlsx": edited_book(sheets, fill_sheets),
        "docx": edited_body(words, fill_words),
        "csv": f"产品名称,设计产能（年）\n{rows}".encode("gbk"),
    }
    return Post(case.folder, files)


def take_in(folder: Path, file: Path) -> None:
    case = open_case(folder, DEFINITIONS)
    of_table = (DEFINITIONS.annexes["annex_3"], "products") if file.suffix == ".csv" else ()
    comparison = compare(open_returned(file, DEFINITIONS, *of_table), case, file.name)
    apply(comparison, folder, "将被终止", Choosing())


@pytest.mark.parametrize("kind", ["xlsx", "docx", "csv"])
def test_a_killed_import_leaves_the_case_before_or_after(kind, post, tmp_path: Path):
    file = tmp_path / f"退回.{kind}"
    file.write_bytes(post.files[kind])
    finished = post.taken_by(tmp_path / "whole").folder
    takes = duration(lambda: take_in(finished, file))
    before, after = (open_case(each).data for each in (post.folder, finished))
    assert after["annex_3"]["products"] != PRODUCTS
    dice, seen, halfway = random.Random(kind), set(), 0
    for trial in range(IMPORTS):
        case = post.taken_by(tmp_path / str(trial))
        half = case.folder / PART
        done = (
            killed(lambda at=case.folder: take_in(at, file), soon(dice), half.exists)
            if trial % 3
            else killed(lambda at=case.folder: take_in(at, file), dice.uniform(0, 1.2) * takes)
        )
        halfway += half.exists()
        data = assert_sound(case.folder).data
        assert data == after or (data == before and not done)
        assert names_in(case.folder) <= OWN
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
        seen.add(data == after)
    assert seen == {True, False} and halfway > 0


# -- form export --------------------------------------------------------------------------------


def test_a_killed_export_leaves_no_half_file_and_the_next_one_clears_up(post, tmp_path: Path):
    case, out = post.taken_by(tmp_path / "cases"), tmp_path / "out"
    annex = DEFINITIONS.annexes["annex_3"]

    def send_out() -> None:
        logged, stamps = log_sending(
            open_case(case.folder), Sending([annex], "docx", False, "测试", "测试")
        )
        content = form_bytes(annex, DEFINITIONS, logged, stamps["annex_3"], "docx")
        write_whole(out / "annex_3.docx", content)

    takes, dice, sent_out = duration(send_out), random.Random(5), 0
    known = assert_sound(case.folder).annex("engagement")["exports"]
    for _ in range(EXPORTS):
        (out / "annex_3.docx").unlink(missing_ok=True)
        killed(send_out, dice.uniform(0.3, 1.1) * takes)
        told = assert_sound(case.folder).annex("engagement")["exports"]
        assert len(told) - len(known) in (0, 1)
        if (out / "annex_3.docx").exists():
            sent_out += 1
            assert len(told) == len(known) + 1, "what went out is on record"
            returned = open_returned(out / "annex_3.docx", DEFINITIONS)
            assert returned.stamp is not None
            assert returned.stamp.form_no == told[-1]["form_no"]
        known = told
        assert names_in(case.folder) <= OWN
    send_out()
    assert names_in(out) == {"annex_3.docx"}
    assert 0 < sent_out < EXPORTS


# -- evidence and steps -------------------------------------------------------------------------


def test_a_killed_addition_of_evidence_leaves_all_of_it_or_nothing(tmp_path: Path):
    case = create(tmp_path / "trial", {}, DEFINITIONS, "测试")
    pictures = [picture(tmp_path / f"{n}.png", seed=n) for n in range(ADDITIONS + 1)]

    def bring(number: int) -> Work:
        intake = Intake("F003", ledger={"secrecy": "general"})
        return lambda: add(case.folder, [(pictures[number], intake)], "将被终止")

    takes, dice, count = duration(bring(ADDITIONS)), random.Random(9), 1
    for trial in range(ADDITIONS):
        done = killed(bring(trial), dice.uniform(0.2, 1.1) * takes)
        rows = assert_sound(case.folder).annex("annex_7")["evidence"]
        assert len(rows) == count + 1 or (len(rows) == count and not done)
        count = len(rows)
        files = {row["file"] for row in rows}
        others = names_in(case.folder) - files - OWN
        assert files <= names_in(case.folder)
        assert len(others) == count and all("/thumbnails/" in name for name in others)
    assert 1 < count < ADDITIONS + 1


def test_a_killed_step_of_the_course_leaves_before_or_after(tmp_path: Path):
    guarded = test_lifecycle.DEFINITIONS
    content = {
        "annex_3": {"enterprise_name": "甲厂", "league": "150200"},
        "annex_4": {"members": test_lifecycle.MEMBERS, "leader_sign": True},
    }
    folder = create(tmp_path / "cases" / "demo", content, guarded, "测试").folder
    test_lifecycle.to_draft(folder)
    files = test_lifecycle.report(folder, "报告" * 200_000)

    def issue(place: Path) -> Work:
        asked = test_lifecycle.asked("更正")
        return lambda: advance(place, "T13", asked, files, definitions=guarded)

    shutil.copytree(folder, tmp_path / "whole" / "demo")
    takes, dice, seen = duration(issue(tmp_path / "whole" / "demo")), random.Random(3), set()
    for trial in range(STEPS):
        place = tmp_path / str(trial) / "demo"
        shutil.copytree(folder, place)
        done = killed(issue(place), dice.uniform(0.2, 1.1) * takes)
        case = open_case(place, guarded)
        assert list(journal.verify(place)) == []
        assert journal.replay(journal.read(place)) == dict(case.data)
        issued = case.annex("engagement").get("issues") or []
        assert len(issued) == 1 or not done
        assert names_in(place) - OWN == {name for row in issued for name in row["files"]}
        seen.add(len(issued))
    assert seen == {0, 1}
