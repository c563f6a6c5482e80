"""A batch with bad cases in it: the others come out, and the report names each failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import create
from dxkit.definitions import load
from dxkit.notebook import parameters_of, prepare, read

pytestmark = pytest.mark.slow


def start(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=paths.workspace(),
    )


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    create(folder / "good", {"annex_6": {"equipment": 4}}, load(), "测试")
    for name, content in {
        "broken": b"annex_6: [1\n",
        "unfit": b"annex_6: {equipment: -1}\n",
    }.items():
        (folder / name).mkdir()
        (folder / name / "case.yaml").write_bytes(content)
    return folder


def test_one_bad_case_never_stops_the_others(cases: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["-m", "dxkit", "batch", str(cases), "--out", str(out), "--formats", "html"]
    done = subprocess.run(
        [sys.executable, *command], check=False, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "broken 没有完成" in done.stderr
    assert "equipment" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["batch.json", "batch.log", "good"]
    assert (out / "good" / "report.html").is_file()
    record = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    assert {each["case"]: each["status"] for each in record["cases"]} == {
        "broken": "failed",
        "good": "ok",
        "unfit": "failed",
    }


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


@pytest.mark.parametrize("name", ["report.ipynb", "diagnosis.ipynb"])
def test_notebooks_are_thin(name: str) -> None:
    notebook = read(paths.notebooks() / name)
    assert list(parameters_of(notebook)) == ["case"]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code if cell.outputs or cell.execution_count] == []
    assert [cell.source for cell in code if len(cell.source.splitlines()) > 8] == []
    assert [c.source for c in code if "def " in c.source or "try:" in c.source] == []


def test_prepare_leaves_out_the_other_life_and_sets_the_case() -> None:
    notebook = read(paths.notebooks() / "report.ipynb")
    prepared = prepare(notebook, {"case": "x"}, without="interactive")
    tags = [tag for cell in prepared.cells for tag in cell.metadata.get("tags", [])]
    assert "interactive" not in tags
    assert any(cell.source == "case = 'x'" for cell in prepared.cells)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT to another process is POSIX")
def test_an_interrupted_batch_ends_cleanly_and_says_what_is_missing(tmp_path: Path) -> None:
    folder, out = tmp_path / "cases", tmp_path / "out"
    for number in range(6):
        create(folder / f"case-{number}", {}, load(), "测试")
    command = [sys.executable, "-m", "dxkit", "batch", str(folder), "--out", str(out)]
    batch = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    while not (out / "case-0").exists() and not (out / "case-1").exists():
        time.sleep(0.1)
    batch.send_signal(signal.SIGINT)
    _, said = batch.communicate(timeout=60)
    assert batch.returncode == 130
    assert "已中断" in said
    assert "Traceback" not in said
    record = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    done = {each["case"] for each in record["cases"] if each["status"] == "ok"}
    assert len(record["cases"]) == 6
    assert 0 < len(done) < 6
    assert {path.name for path in out.iterdir() if path.is_dir()} == done


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a POSIX signal")
def test_a_killed_worker_costs_its_own_cases_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "cases", tmp_path / "out"
    for name in ("a-killer", "b-good", "c-good"):
        create(folder / name, {}, load(), "测试")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # Stands in for the system's out-of-memory killer: it ends the worker that opens this case.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "def watch(event, arguments):\n"
        "    if event == 'open' and 'a-killer' in str(arguments[0]):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "if any('multiprocessing' in word for word in sys.orig_argv): sys.addaudithook(watch)\n",
        encoding="utf-8",
    )
    done = start(["-m", "dxkit", "batch", str(folder), "--out", str(out), "--jobs", "1"])
    assert done.returncode == 1
    assert "a-killer 没有完成" in done.stderr
    assert "进程被系统终止" in done.stderr
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"b-good", "c-good"}
