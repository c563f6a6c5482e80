"""A batch does what is missing or changed, and only that, wherever the one before was ended."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from dxkit.batch import Limits, Means, Outcome, Run, Wanted, run
from dxkit.batch.basis import MORE, changed_parts, inputs_of, stamp_of, still_holds
from dxkit.batch.events import NAME
from dxkit.batch.ledger import Ledger
from dxkit.batch.summary import PAGE, TABLE
from dxkit.case import create, writing
from dxkit.definitions import load

from .quick_reports import add_cases, bytes_in, quick_workspace

slow = pytest.mark.slow
posix = pytest.mark.skipif(os.name == "nt", reason="signals to another process are POSIX")

TEMPLATES = Path(__file__).parent.parent / "templates"
HTML_ONLY = Wanted(("html",))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_workspace(tmp_path / "home", monkeypatch) as home:
        shutil.copytree(TEMPLATES, home / "templates")
        yield home


@pytest.fixture
def cases(workspace: Path) -> Callable[..., list[Path]]:
    return partial(add_cases, workspace / "parameters")


def made(done: Run) -> dict[str, str]:
    return {each.case: each.status for each in done.outcomes}


def reasons(out: Path) -> dict[str, str]:
    """Why each case was made, as the table for spreadsheets says."""
    rows = (out / TABLE).read_text(encoding="utf-8-sig").splitlines()[1:]
    return {row.split(",")[0]: row.split(",")[4] for row in rows if row.count(",") >= 8}


@slow
def test_only_what_is_missing_or_changed_is_made_again(cases, workspace: Path) -> None:
    folders, out = cases("a", "b", "c"), workspace / "outputs"
    assert made(run(folders, out, HTML_ONLY)) == dict.fromkeys("abc", "ok")
    assert reasons(out) == dict.fromkeys("abc", "还没有生成过")
    assert made(run(folders, out, HTML_ONLY)) == dict.fromkeys("abc", "unchanged")
    with writing(folders[0], "测试") as writer:
        writer.set("annex_6.equipment", 5)
    (out / "b" / "report.html").unlink()
    done = run(folders, out, HTML_ONLY)
    assert made(done) == {"a": "ok", "b": "ok", "c": "unchanged"}
    assert reasons(out) == {"a": "填写内容或材料变了", "b": "结果文件不见了", "c": ""}
    assert "equipment" in (out / "a" / "report.html").read_text(encoding="utf-8")
    forced = run(folders, out, Wanted(("html",), again="all"))
    assert made(forced) == dict.fromkeys("abc", "ok")
    assert not list(out.rglob("previous"))
    more = run(folders[:1], out, Wanted(("html", "docx")))
    assert made(more) == {"a": "ok"}
    assert reasons(out)["a"] == "要的格式或内容比上次多"
    fewer = run(folders[:1], out, HTML_ONLY)
    assert made(fewer) == {"a": "unchanged"}
    assert (out / "a" / "report.docx").is_file()


@slow
def test_a_lost_file_is_made_again_and_a_changed_one_is_told_and_kept(
    cases, workspace: Path
) -> None:
    folders, out = cases("a", "b", "c"), workspace / "outputs"
    run(folders, out, HTML_ONLY)
    (out / "a" / "report.html").write_bytes(b"")
    (out / "b" / "report.html").write_bytes(b"worked on")
    for path in (out / "b" / "report.html", out / "c" / "report.html"):
        os.utime(path, (time.time() + 60,) * 2)
    done = run(folders, out, HTML_ONLY)
    assert made(done) == {"a": "ok", "b": "unchanged", "c": "unchanged"}
    assert (out / "a" / "report.html").read_bytes()
    told = {each.case: " ".join(each.doubts) for each in done.outcomes}
    assert "report.html 生成后有人改过" in told["b"]
    assert (told["a"], told["c"]) == ("", "")
    assert (out / "b" / "report.html").read_bytes() == b"worked on"


@slow
def test_what_all_cases_share_is_looked_at_too(cases, workspace: Path) -> None:
    folders, out = cases("a"), workspace / "outputs"
    run(folders, out, HTML_ONLY)
    (workspace / "templates" / "report" / "report.css").write_text("p { margin: 0 }", "utf-8")
    run(folders, out, HTML_ONLY)
    assert reasons(out) == {"a": "版式变了"}
    path = workspace / "notebooks" / "report.ipynb"
    path.write_text(path.read_text("utf-8").replace("报告", "诊断报告"), "utf-8")
    run(folders, out, HTML_ONLY)
    assert reasons(out) == {"a": "笔记本变了"}
    assert "诊断报告" in (out / "a" / "report.html").read_text("utf-8")


@slow
def test_only_what_failed_is_made_again_if_that_is_asked(cases, workspace: Path) -> None:
    folders, out = cases("a", "b"), workspace / "outputs"
    (folders[1] / "case.yaml").write_text("annex_6: {equipment: -1}\n", encoding="utf-8")
    assert made(run(folders, out, HTML_ONLY)) == {"a": "ok", "b": "failed"}
    with writing(folders[0], "测试") as writer:
        writer.set("annex_6.equipment", 5)
    (folders[1] / "case.yaml").write_text("annex_6: {equipment: 1}\n", encoding="utf-8")
    assert made(run(folders, out, Wanted(("html",), again="failed"))) == {"b": "ok"}
    assert made(run(folders, out, HTML_ONLY)) == {"a": "ok", "b": "unchanged"}


@slow
@posix
def test_a_greedy_notebook_is_stopped_and_the_others_come_out(cases, workspace: Path) -> None:
    folders, out = cases("a-good", "hungry", "talking", "z-good"), workspace / "outputs"
    done = run(folders, out, HTML_ONLY, Means(2, Limits(120, memory=700)))
    assert made(done) == {"a-good": "ok", "hungry": "memory", "talking": "dead", "z-good": "ok"}
    told = {each.case: each for each in done.outcomes}
    assert told["hungry"].lines == ("taking",)
    assert "内存超过 700 MB" in told["hungry"].problems[0]
    assert told["talking"].lines == ("last words",)
    page = (out / PAGE).read_text(encoding="utf-8")
    for words in ("没有完成的 2 家", "内存超过 700 MB", "last words", 'href="a-good/report.html"'):
        assert words in page


@slow
def test_a_case_that_is_edited_while_it_is_made_is_made_from_one_content(
    cases, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dxkit.batch import work  # noqa: PLC0415 - this test alone looks inside
    from dxkit.batch.task import Task  # noqa: PLC0415

    (folder,) = cases("a")
    out = workspace / "outputs"
    out.mkdir()
    edits = iter([7])

    def run_and_edit(*told: object) -> object:
        done = plainly(*told)
        for value in edits:
            with writing(folder, "测试") as writer:
                writer.set("annex_6.equipment", value)
        return done

    plainly = work.run_notebook
    monkeypatch.setattr(work, "run_notebook", run_and_edit)
    task = Task(out, HTML_ONLY, Limits(), out / "log", workspace)
    told = work.report_on(folder, task)
    assert told.inputs.digest == inputs_of(folder).digest
    assert "7" in (told.half / "report.html").read_text(encoding="utf-8")


@slow
@posix
@pytest.mark.parametrize("seed", range(2))
def test_a_batch_killed_anywhere_and_taken_up_ends_with_the_same_bytes(
    cases, workspace: Path, seed: int
) -> None:
    folders, out = cases(*(f"case-{number:02}" for number in range(8))), workspace / "outputs"
    whole = run(folders, workspace / "undisturbed", HTML_ONLY, Means(2))
    assert not whole.failed
    dice = random.Random(seed)
    for _ in range(5):
        batch = subprocess.Popen(
            [sys.executable, "-m", "dxkit", "batch", "--formats", "html", "--jobs", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.8 + dice.random() * 5)
        batch.send_signal(signal.SIGKILL)
        batch.wait()
    last = subprocess.run(
        [sys.executable, "-m", "dxkit", "batch", "--formats", "html", "--jobs", "3"],
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert last.returncode == 0
    assert bytes_in(out) == bytes_in(workspace / "undisturbed")


def entry(ledger: Ledger, case: str) -> str | None:
    found = ledger.last(case)
    return found and found.state


def test_a_torn_line_is_an_event_that_never_happened(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.write_all(["甲", "乙"], "queued")
    ledger.write("甲", "ok", files={"report.html": "12"})
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes() + b'{"case":"\xe4\xb9\x99","state":"o')
    again = Ledger(tmp_path)
    assert (entry(again, "甲"), entry(again, "乙")) == ("ok", "queued")
    again.write("乙", "failed", problems=("坏了",))
    last = Ledger(tmp_path)
    assert entry(last, "乙") == "failed"
    assert last.own("甲") == {"12"}


@pytest.mark.parametrize(
    "strange",
    [
        '"state":"of a later edition"',
        '"state":"ok","inputs":"x"',
        '"state":"ok","files":{"report.html":[1]}',
        '"state":"ok","seconds":"x"',
        '"state":"ok","name":7',
    ],
)
def test_a_line_that_no_batch_would_write_is_passed_over(tmp_path: Path, strange: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.write("甲", "failed", problems=("坏了",))
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes() + f'{{"case":"甲","at":"",{strange}}}\n'.encode())
    assert entry(Ledger(tmp_path), "甲") == "failed"


def test_less_than_there_is_asks_for_nothing_new() -> None:
    everything = {"program": "1", "notebook report": "2", "notebook archive": "3"}
    before = {**everything, "wanted": "report archive html docx"}
    less = {"program": "1", "notebook report": "2", "wanted": "report docx"}
    assert changed_parts(before, less) == []
    assert changed_parts(less, before) == [MORE]
    assert changed_parts(before, {**less, "notebook report": "4"}) == ["笔记本变了"]
    assert changed_parts({}, before) == ["程序更新了", MORE]


def test_a_ledger_of_many_runs_is_written_anew_and_says_the_same(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in range(300):
        ledger.write("甲", "ok", files={"report.html": str(number)})
    ledger.write("甲", "timeout", problems=("太久",))
    tidied = Ledger(tmp_path)
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 2
    assert entry(tidied, "甲") == entry(Ledger(tmp_path), "甲") == "timeout"
    assert Ledger(tmp_path).own("甲") == {"299"}


def test_what_a_case_holds_is_told_by_its_bytes_and_cheaply_by_its_times(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    create(folder, {}, load(), "测试")
    young = inputs_of(folder)
    assert young.stamp == ""  # it may change again within one tick of the clock
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    old = inputs_of(folder)
    assert old.digest == young.digest
    assert old.stamp == stamp_of(folder) != ""
    assert still_holds(folder, young)
    assert still_holds(folder, old)
    (folder / ".lock").write_bytes(b"x")
    assert still_holds(folder, old)
    os.utime(folder / "case.yaml", (2, 2))
    assert still_holds(folder, old)  # copied or restored: other times, the same bytes
    (folder / "evidence").mkdir()
    (folder / "evidence" / "1.txt").write_bytes(b"x")
    assert not still_holds(folder, old)


def test_the_table_for_spreadsheets_holds_no_formula(tmp_path: Path) -> None:
    from dxkit.batch.plan import Plan  # noqa: PLC0415
    from dxkit.batch.summary import write_summary  # noqa: PLC0415

    outcome = Outcome("a", '=HYPERLINK("x")', "failed", 1.0, problems=("+1", "<b>粗</b>"))
    write_summary(tmp_path, [outcome], Ledger(tmp_path), Plan({}, ()))
    assert "'=HYPERLINK" in (tmp_path / TABLE).read_text(encoding="utf-8-sig")
    assert "&lt;b&gt;粗" in (tmp_path / PAGE).read_text(encoding="utf-8")
