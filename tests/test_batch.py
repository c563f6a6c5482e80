"""A batch with bad cases in it: the others come out, and the report names each failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from filelock import FileLock
from pypdf import PdfReader

from dxkit import paths
from dxkit.batch import Limits, Means, Wanted, run, worker
from dxkit.batch.ledger import Ledger
from dxkit.batch.results import digests_in, publish, set_aside
from dxkit.batch.task import Made, Task
from dxkit.batch.workers import make_all
from dxkit.case import create
from dxkit.definitions import load
from dxkit.errors import ParameterError
from dxkit.notebook import parameters_of, prepare, read

pytestmark = pytest.mark.slow
posix = pytest.mark.skipif(os.name == "nt", reason="signals to another process are POSIX")

# What the stand-in report does depends on the case's name; it tells who ran it.
REPORT = """\
import os, pathlib
from IPython.display import HTML
pathlib.Path(os.environ["DXKIT_HOME"], f"{case}.pids").write_text(f"{os.getpid()} {os.getppid()}")
if case.startswith("hung"):
    while True: pass
if case.startswith("dead"):
    os._exit(1)
HTML(f"<h1>报告</h1><p>{case}</p>")
"""

# Acts in a worker, forked or started, never in the command itself, when a case is opened.
ON_OPENING = """\
import os, pathlib, signal, sys
def watch(event, arguments):
    if event == "open" and "{name}" in str(arguments[0]):
        {action}
started = " ".join(sys.orig_argv)
if "multiprocessing" in started or "dxkit.kernel.zygote" in started: sys.addaudithook(watch)
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace whose report notebook is quick and can hang or die."""
    home = tmp_path / "home"
    (home / "notebooks").mkdir(parents=True)
    (home / "parameters").mkdir()
    notebook = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell('case = "x"')
    cell.metadata["tags"] = ["parameters"]
    notebook.cells = [cell, nbformat.v4.new_code_cell(REPORT)]
    nbformat.write(notebook, home / "notebooks" / "report.ipynb")
    monkeypatch.setenv("DXKIT_HOME", str(home))
    paths.workspace.cache_clear()
    yield home
    paths.workspace.cache_clear()


@pytest.fixture
def cases(workspace: Path) -> Callable[..., Path]:
    def add(*names: str) -> Path:
        for name in names:
            create(workspace / "parameters" / name, {}, load(), "测试")
        return workspace / "parameters"

    return add


@pytest.fixture
def on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def arrange(name: str, action: str) -> None:
        text = ON_OPENING.format(name=name, action=action)
        (tmp_path / "sitecustomize.py").write_text(text, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return arrange


def dxkit(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dxkit", *words]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=120)


def begin(*words: str, **how: bool) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dxkit", "batch", "--formats", "html", *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", **how)


def await_that(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def processes(home: Path) -> list[int]:
    """The kernels and workers that the stand-in report has told of."""
    return [int(word) for path in home.glob("*.pids") for word in path.read_text().split()]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def states(out: Path) -> dict[str, str]:
    return {each.case: each.state for each in Ledger(out).entries()}


ABOUT = ["batch.log", "batch_report.csv", "batch_report.html"]


def visible(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))


def test_one_bad_case_never_stops_the_others(cases, workspace: Path) -> None:
    parent = cases("dead", "good")
    for name, content in {
        "broken": b"annex_6: [1\n",
        "unfit": b"annex_6: {equipment: -1}\n",
        "unwritable": b"annex_6: {}\n",
    }.items():
        (parent / name).mkdir()
        (parent / name / "case.yaml").write_bytes(content)
    (parent / "unwritable" / "journal.jsonl").mkdir()
    done = dxkit("batch", "--formats", "html")
    out = workspace / "outputs"
    assert done.returncode == 1
    assert "broken 没有完成" in done.stderr
    assert "equipment" in done.stderr
    assert "内核意外终止" in done.stderr
    assert "journal.jsonl：发现：是文件夹" in done.stderr
    assert "Errno" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "[5/5]" in done.stderr
    assert "共 5 家，完成 1 家" in done.stdout
    assert visible(out) == [*ABOUT, "good", "ledger.jsonl"]
    assert visible(out / "good") == ["assessment.json", "report.html", "report.ipynb"]
    assert states(out) == {
        "broken": "failed",
        "dead": "dead",
        "good": "ok",
        "unfit": "failed",
        "unwritable": "failed",
    }


def test_only_the_cases_that_are_named_are_done(cases, workspace: Path) -> None:
    parent = cases("dead", "good")
    done = dxkit("batch", "--formats", "html", "--only", "good")
    assert done.returncode == 0, done.stderr
    assert states(workspace / "outputs") == {"good": "ok"}
    stranger = dxkit("batch", str(parent), "--only", "good", "--only", "goood")
    assert stranger.returncode == 2
    assert "“goood”：发现：没有这家企业" in stranger.stderr


def test_a_hung_notebook_ends_in_time_with_its_kernel_and_costs_no_other(cases, workspace) -> None:
    cases("a-good", "hung", "z-good")
    done = dxkit("batch", "--formats", "html", "--timeout", "10", "--jobs", "2", "--quiet")
    assert done.returncode == 1
    assert "超过 10 秒" in done.stderr
    assert "[1/3]" not in done.stderr
    assert states(workspace / "outputs") == {"a-good": "ok", "hung": "timeout", "z-good": "ok"}
    assert len(processes(workspace)) == 6
    await_that(lambda: not any(map(alive, processes(workspace))), 5)


def test_a_worker_that_hangs_by_itself_is_ended_by_its_parent(
    cases, workspace: Path, tmp_path: Path, on_opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases("stuck")
    note = tmp_path / "worker.pid"
    on_opening(
        "stuck",
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n        while True: pass",
    )
    monkeypatch.setattr(worker, "MARGIN", 0.0)
    done = run(
        [workspace / "parameters" / "stuck"], workspace / "outputs", means=Means(limits=Limits(20))
    )
    assert "超过 20 秒" in done.failed[0].problems[0]
    assert not alive(int(note.read_text()))


@posix
def test_a_killed_worker_costs_its_own_case_only(cases, workspace: Path, on_opening) -> None:
    cases("a-killer", "b-good", "c-good")
    on_opening("a-killer", KILL)
    done = dxkit("batch", "--formats", "html", "--jobs", "2")
    assert done.returncode == 1
    assert "处理它的进程意外终止（可能是内存不足）" in done.stderr
    expected = {"a-killer": "dead", "b-good": "ok", "c-good": "ok"}
    assert states(workspace / "outputs") == expected
    assert not (workspace / "outputs" / ".unfinished").exists()


@posix
def test_a_case_whose_worker_died_once_comes_out_when_made_alone(
    cases, workspace: Path, tmp_path: Path, on_opening
) -> None:
    cases("a-unlucky", "b-good")
    mark = f"pathlib.Path({str(tmp_path / 'mark')!r})"
    on_opening("a-unlucky", f"if not {mark}.exists(): {mark}.touch(); {KILL}")
    assert dxkit("batch", "--formats", "html").returncode == 0
    assert (tmp_path / "mark").exists()
    assert states(workspace / "outputs") == {"a-unlucky": "ok", "b-good": "ok"}


@posix
def test_a_worker_killed_while_idle_costs_no_case(cases, workspace: Path, tmp_path: Path) -> None:
    cases("a", "b")
    folders = [workspace / "parameters" / name for name in ("a", "b")]
    out = workspace / "outputs"
    task = Task(out, Wanted(("html",)), Limits(60), tmp_path / "log", tmp_path)
    out.mkdir()
    coming = make_all(folders, task, 1, lambda _step: None, lambda _folder: None)
    first = next(coming)
    os.kill(worker_of(workspace / "a.pids"), signal.SIGKILL)
    assert [type(each) for each in (first, *coming)] == [Made, Made]


def worker_of(note: Path) -> int:
    """The idle worker that made a case: its kernel's parent, or a sibling if both were forked."""
    parent = psutil.Process(int(note.read_text().split()[1]))
    forked = parent.children()
    return forked[0].pid if forked else parent.pid


@posix
@pytest.mark.parametrize("asked", ["SIGINT", "SIGTERM"])
def test_a_batch_asked_to_stop_ends_cleanly_and_says_what_is_missing(
    cases, workspace: Path, asked: str
) -> None:
    cases("a-good", "hung-1", "hung-2", "z-late")
    out = workspace / "outputs"
    batch = begin("--jobs", "2")
    await_that((workspace / "hung-2.pids").exists)
    batch.send_signal(getattr(signal, asked))
    _, said = batch.communicate(timeout=30)
    assert batch.returncode == 130
    assert "已中断" in said
    assert "Traceback" not in said
    await_that(lambda: not any(map(alive, processes(workspace))), 5)
    assert states(out) == {
        "a-good": "ok",
        **dict.fromkeys(("hung-1", "hung-2"), "started"),
        "z-late": "queued",
    }
    assert visible(out) == ["a-good", *ABOUT, "ledger.jsonl"]
    assert not (out / ".unfinished").exists()


@posix
def test_a_killed_batch_leaves_no_process_and_the_next_one_clears_up(
    cases, workspace: Path
) -> None:
    cases("hung")
    out = workspace / "outputs"
    batch = begin()
    await_that((workspace / "hung.pids").exists)
    batch.kill()
    batch.communicate(timeout=10)
    await_that(lambda: not any(map(alive, processes(workspace))), 10)
    (out / ".unfinished" / "hung-left").mkdir(parents=True, exist_ok=True)
    run([], out)
    assert not (out / ".unfinished").exists()


@posix
def test_ctrl_c_while_workers_start_shows_no_traceback(cases, workspace: Path) -> None:
    cases("good")
    batch = begin(start_new_session=True)
    await_that((workspace / "outputs" / "batch.log").exists)
    time.sleep(0.3)
    os.killpg(batch.pid, signal.SIGINT)
    _, said = batch.communicate(timeout=30)
    assert said.strip().splitlines() == ["已中断。"]


@posix
def test_asking_to_stop_again_and_again_does_not_break_the_ending(cases, workspace: Path) -> None:
    cases("hung", *(f"case-{number}" for number in range(6)))  # so many are rehearsed
    batch = begin("--jobs", "1", start_new_session=True)
    await_that((workspace / "outputs" / "batch.log").exists)
    for _ in range(6):
        time.sleep(0.15)
        with suppress(ProcessLookupError):
            os.killpg(batch.pid, signal.SIGINT)
    _, said = batch.communicate(timeout=30)
    assert said.strip().splitlines() == ["已中断。"]
    assert batch.returncode == 130


@posix
def test_a_batch_leaves_nothing_in_the_folder_for_temporary_files(
    cases, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, room = cases("good"), tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    assert dxkit("batch", str(parent), "--formats", "pdf").returncode == 0
    assert list(room.iterdir()) == []


def test_two_batches_never_write_to_one_folder(cases, workspace: Path) -> None:
    cases("good")
    out = workspace / "outputs"
    out.mkdir()
    with FileLock(out / ".batch.lock"):
        second = dxkit("batch", "--formats", "html")
    assert second.returncode == 2
    assert "另一批报告正在写入" in second.stderr
    assert visible(out) == []


def test_a_report_of_before_does_not_pass_for_the_one_that_failed(cases, workspace: Path) -> None:
    parent = cases("trial")
    out = workspace / "outputs" / "trial"
    assert dxkit("batch", "--formats", "html").returncode == 0
    (out / "note.txt").write_text("my own", encoding="utf-8")
    (parent / "trial" / "case.yaml").write_bytes(b"annex_6: {equipment: -1}\n")
    made = ["assessment.json", "report.html", "report.ipynb"]
    done = dxkit("batch", "--formats", "html")
    assert "以前的报告已移入 trial/previous" in done.stderr
    assert visible(out) == ["note.txt", "previous"]
    assert visible(out / "previous") == made


class Shelf:
    """A folder of results and what was made for it so far."""

    def __init__(self, place: Path) -> None:
        self.half, self.target = place / "half", place / "target"
        self.own: set[str] = set()

    def lay_out(self, folder: Path, *names: str, says: str) -> None:
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / name).write_text(says, encoding="utf-8")

    def publish(self, *names: str, says: str) -> tuple[str, ...]:
        self.lay_out(self.half, *names, says=says)
        self.own |= set(digests_in(self.half).values())
        return publish(self.half, self.target, self.own)

    def set_aside(self) -> tuple[str, ...]:
        return set_aside(self.target, self.own)


def test_a_new_report_leaves_no_older_format_beside_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    target = shelf.target
    shelf.publish("report.pdf", "report.html", "assessment.json", says="old")
    (target / "report.xlsx").write_text("mine", encoding="utf-8")
    assert shelf.publish("report.html", says="new") == ()
    assert visible(target) == ["report.html", "report.xlsx"]
    assert (target / "report.html").read_text(encoding="utf-8") == "new"
    assert shelf.set_aside() == ("target/previous/report.html",)
    assert shelf.set_aside() == ()
    assert visible(target) == ["previous", "report.xlsx"]
    assert shelf.publish("report.html", says="newer") == ()
    assert visible(target) == ["report.html", "report.xlsx"]


def test_a_file_that_no_batch_made_as_it_is_is_set_aside_and_never_lost(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    target = shelf.target
    shelf.lay_out(target, "report.docx", says="somebody's own")
    assert shelf.publish("report.docx", says="made") == ("target/previous/report.docx",)
    (target / "report.docx").write_text("made, then worked on", encoding="utf-8")
    assert shelf.publish("report.html", says="made") == ("target/previous/report（2）.docx",)
    (target / "report.html").write_text("worked on too", encoding="utf-8")
    assert shelf.set_aside() == ("target/previous/report.html",)
    shelf.publish("report.html", says="made again")
    kept = {path.name: path.read_text(encoding="utf-8") for path in (target / "previous").iterdir()}
    assert kept == {
        "report.docx": "somebody's own",
        "report（2）.docx": "made, then worked on",
        "report.html": "worked on too",
    }


def test_a_batch_killed_between_two_files_is_known_by_the_next_one(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.publish("report.html", "report.pdf", says="old")
    shelf.lay_out(shelf.target, "report.html", says="new")  # the other was not moved any more
    shelf.lay_out(shelf.half, "report.html", "report.pdf", says="new")
    shelf.own |= set(digests_in(shelf.half).values())  # noted before the first was moved
    assert shelf.publish("report.html", "report.pdf", says="new") == ()
    assert visible(shelf.target) == ["report.html", "report.pdf"]


@pytest.mark.parametrize(
    "place", ["parameters", "parameters/trial", "parameters/trial/out", "elsewhere"]
)
def test_results_are_never_put_among_what_people_filled_in(
    cases, workspace: Path, place: str
) -> None:
    cases("trial")
    create(workspace / "elsewhere" / "other", {}, load(), "测试")
    before = sorted(workspace.rglob("*"))
    with pytest.raises(ParameterError, match="--out"):
        run([workspace / "parameters" / "trial"], workspace / place)
    assert sorted(workspace.rglob("*")) == before


def test_no_file_that_is_handed_on_tells_a_path_of_this_machine(tmp_path: Path) -> None:
    folder, out = tmp_path / "cases", tmp_path / "out"
    create(folder / "trial", {"annex_6": {"equipment": 4}}, load(), "测试")
    done = run([folder / "trial"], out, means=Means(1))
    assert done.failed == ()
    for path in (each for each in out.rglob("*") if each.is_file()):
        for place in (str(tmp_path), str(paths.workspace()), tempfile.gettempdir() + "/"):
            assert place not in said_in(path), path.name


def said_in(path: Path) -> str:
    """Everything a file tells, its metadata included, with JSON's escapes undone."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            return "".join(
                package.read(name).decode("utf-8", "replace") for name in package.namelist()
            )
    if path.suffix == ".pdf":
        document = PdfReader(path)
        return str(document.metadata) + "".join(page.extract_text() for page in document.pages)
    text = path.read_text(encoding="utf-8")
    return str(json.loads(text)) if path.suffix in {".json", ".ipynb"} else text


@posix
def test_the_log_can_be_read_but_not_run(cases, workspace: Path) -> None:
    cases()
    run([], workspace / "outputs")
    assert (workspace / "outputs" / "batch.log").stat().st_mode & 0o111 == 0


@pytest.mark.parametrize(
    ("parameters", "refused"), [({"case": "demo-empty"}, False), ({"caes": "demo-empty"}, True)]
)
def test_stock_papermill_runs_the_notebook_and_is_refused_a_misspelt_parameter(
    tmp_path: Path, parameters: dict[str, str], refused: bool
) -> None:
    out = tmp_path / "out.ipynb"
    options = [word for name, value in parameters.items() for word in ("-p", name, value)]
    command = ["-m", "papermill", str(paths.notebooks() / "diagnosis.ipynb"), str(out), *options]
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=paths.workspace(),
    )
    assert (done.returncode != 0) == refused, done.stderr[-2000:]
    if refused:
        assert "没有这个参数" in done.stderr
        executed = [cell.get("execution_count") for cell in read(out).cells]
        assert max(count or 0 for count in executed) <= 3


@pytest.mark.parametrize("path", sorted(paths.notebooks().glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_are_thin(path: Path) -> None:
    notebook = read(path)
    region = ["cases", "year", "last", "last_definitions"]
    assert list(parameters_of(notebook)) == (region if path.stem == "region" else ["case"])
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.outputs or cell.execution_count] == []
    assert [cell.source for cell in code if len(cell.source.splitlines()) > 8] == []
    assert [c.source for c in code if "def " in c.source or "try:" in c.source] == []


@pytest.mark.parametrize("view", ["record", "diagnosis", "workshop"])
def test_a_page_of_the_workshop_is_its_parameters_and_one_cell(view: str) -> None:
    notebook = read(paths.notebooks() / f"{view}.ipynb")
    served = prepare(notebook, {"case": "x"}, without="batch")
    assert [cell.source.splitlines()[-1] for cell in served.cells] == [
        "case = 'x'",
        f"{view}(case)",
    ]


def test_prepare_leaves_out_the_other_life_and_sets_the_case() -> None:
    notebook = read(paths.notebooks() / "report.ipynb")
    prepared = prepare(notebook, {"case": "x"}, without="interactive")
    tags = [tag for cell in prepared.cells for tag in cell.metadata.get("tags", [])]
    assert "interactive" not in tags
    assert any(cell.source == "case = 'x'" for cell in prepared.cells)
