"""Papermill's engine `dxkit`: which kernels it forks, how it ends them, what travels how."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient.exceptions import DeadKernelError
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError

from dxkit.engine import wire
from dxkit.engine.choice import modules_for
from dxkit.engine.direct import execute
from dxkit.kernel import zygotes
from dxkit.kernel.line import Message, send

from .kernels import FORKED, alive, within

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no fork on Windows")
slow = pytest.mark.slow


def notebook(*cells: str, kernel: str = "python3") -> Any:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    made.metadata.kernelspec = {"name": kernel, "display_name": kernel, "language": "python"}
    return made


def run(*cells: str, **options: Any) -> list[str]:
    """Return what the cells print."""
    made = notebook(*cells, kernel=options.pop("kernel_name", "python3"))
    done = execute_notebook(made, None, engine_name="dxkit", progress_bar=False, **options)
    return ["".join(each.text for each in cell.outputs) for cell in done.cells]


@pytest.mark.parametrize("first", ["papermill", "dxkit.engine.engine", "dxkit.engine.notebook"])
def test_papermill_finds_it_by_name_whichever_is_imported_first(first: str) -> None:
    code = f"""
import {first}
from papermill.engines import papermill_engines
import sys; print('dxkit.engine.engine' in sys.modules)
print(papermill_engines.get_engine('dxkit').nb_language(None, 'python'))
"""
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.split() == [str(first == "dxkit.engine.engine"), "python"]


@slow
def test_papermill_runs_it_from_the_command_line(tmp_path: Path) -> None:
    source = notebook(f"who = 'nobody'\nprint(who, {FORKED}, open('beside').read())")
    source.cells[0].metadata.tags = ["parameters"]
    nbformat.write(source, tmp_path / "in.ipynb")
    (tmp_path / "beside").write_text("here", encoding="utf-8")
    command = ["papermill", "--engine", "dxkit", "in.ipynb", "out.ipynb", "-p", "n", "1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert done.cells[0].outputs[0].text == "nobody True here\n"
    assert [each.metadata.papermill.status for each in done.cells] == ["completed"] * 2


@slow
def test_a_usual_kernel_finds_nothing_imported_and_ours_what_its_specification_names() -> None:
    ask = "import sys; print('matplotlib.pyplot' in sys.modules, end='')"
    assert run(ask) == ["False"]
    assert run(ask, kernel_name="dxkit") == ["True"]


@pytest.mark.parametrize(
    ("env", "options", "reason"),
    [
        ({"DXKIT_KERNEL": "ordinary"}, {}, "ordinary"),
        ({"PYTHONPATH": "relative"}, {}, "PYTHONPATH"),
        ({}, {"km": object()}, "km was asked for"),
        ({}, {"kernel_manager_class": "x"}, "kernel_manager_class"),
    ],
)
def test_what_a_fork_cannot_be_is_left_to_papermill(
    env: dict[str, str], options: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(zygotes.NotForkedError, match=reason):
        modules_for("python3", options)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"argv": ["R", "--slave", "-e", "IRkernel::main()"]}, "program"),
        ({"argv": ["/elsewhere/python", "-m", "ipykernel_launcher", "-f", "x"]}, "program"),
        ({"argv": ["python", "-m", "xeus", "-f", "{connection_file}"]}, "command"),
        ({"env": {"A": "1"}}, "environment"),
        ({"interrupt_mode": "message"}, "environment"),
        ({"metadata": {"kernel_provisioner": {"provisioner_name": "k8s"}}}, "provisioner"),
    ],
)
def test_kernels_of_others_are_not_forked(
    changed: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = KernelSpec(**{"argv": argv, **changed})
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: spec)
    with pytest.raises(zygotes.NotForkedError, match=f"the {reason} of the kernel {reason}"):
        modules_for(f"{reason} {changed}", {})


def test_a_kernel_that_is_not_installed_is_papermills_to_report() -> None:
    with pytest.raises(zygotes.NotForkedError, match="installed"):
        modules_for("no such kernel", {})


@slow
def test_where_no_socket_can_be_had_papermill_runs_the_notebook(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no such sockets here")

    monkeypatch.setattr(wire, "pair", fail)
    with caplog.at_level(logging.WARNING, "papermill"):
        assert run(f"print({FORKED}, end='')") == ["False"]
    assert any("no such sockets here" in each for each in caplog.messages)


@slow
@pytest.mark.parametrize("how", ["signal.SIGKILL", "signal.SIGSEGV"])
def test_a_dead_kernel_is_known_at_once_with_what_it_said(how: str, tmp_path: Path) -> None:
    last = f"import os, signal\nprint('last words', flush=True)\nos.kill(os.getpid(), {how})"
    begun: list[float] = []
    with pytest.raises(DeadKernelError):
        execute_notebook(
            notebook("1", last, "3"),
            tmp_path / "out.ipynb",
            engine_name="dxkit",
            progress_bar=False,
            on_cell_execute=lambda **_: begun.append(time.monotonic()),
        )
    assert time.monotonic() - begun[-1] < 1
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert done.cells[1].outputs[0].text == "last words\n"
    assert done.metadata.papermill.exception is True
    states = [each.metadata.papermill.status for each in done.cells]
    assert states == ["completed", "failed", "pending"]


@slow
def test_a_kernel_whose_children_live_on_is_known_to_be_dead() -> None:
    heir = "import os, time\nif os.fork() == 0:\n    time.sleep(20)\nos._exit(1)"
    begun = time.monotonic()
    with pytest.raises(DeadKernelError):
        run(heir)
    assert time.monotonic() - begun < 10


@slow
def test_a_handler_that_raises_anywhere_does_not_break_what_is_sent() -> None:
    storm = """
import signal
class Stop(Exception): pass
def stop(*_): raise Stop
signal.signal(signal.SIGALRM, stop)
caught = 0
for n in range(300):
    try:
        signal.setitimer(signal.ITIMER_REAL, .0005 + n * 1e-6)
        while True: display({'text/plain': 'x' * 200_000}, raw=True)
    except Stop:
        caught += 1
"""
    made = notebook(storm, "print(caught, end='')")
    done = execute_notebook(made, None, engine_name="dxkit", progress_bar=False)
    assert {len(each.data["text/plain"]) for each in done.cells[0].outputs} == {200_000}
    assert done.cells[1].outputs[0].text == "300"


@slow
@pytest.mark.parametrize("how", ["graceful", "immediate"])
def test_no_kernel_is_left(how: str) -> None:
    pids: list[int] = []
    child = "import subprocess, os; print(subprocess.Popen(['sleep', '60']).pid)"
    told = run(child, shutdown_kernel=how, on_kernel=pids.append)
    assert len(pids) == 1
    assert within(2, lambda: not alive(pids[0]))
    if how == "immediate":
        assert within(2, lambda: not alive(int(told[0])))
    else:
        os.kill(int(told[0]), signal.SIGKILL)


@slow
def test_many_notebooks_leave_no_descriptor_and_no_process_behind() -> None:
    me = psutil.Process()
    run("print(1)")
    before = me.num_fds(), len(me.children(recursive=True))
    for _ in range(5):
        run("print(1)", shutdown_kernel="immediate")
        with pytest.raises(DeadKernelError):
            run("import os; os._exit(0)")
    assert within(5, lambda: (me.num_fds(), len(me.children(recursive=True))) <= before)


def work(request: Message, line: socket.socket) -> None:
    """Run a notebook in a forked process, as a worker of a batch does; say who ran it."""
    send(line, {"ready": True})
    told = run("import os; print(os.getppid(), end='')", kernel_name="dxkit")
    with socket.socket(fileno=request["handed"][0]) as answer:
        answer.sendall(f"{os.getppid()} {told[0]} {zygotes.inherited()}".encode())


@slow
def test_a_forked_worker_forks_its_kernels_from_the_zygote_it_came_from() -> None:
    ours, theirs = socket.socketpair()
    modules = ["tests.test_engine"]
    request = {
        "run": "tests.test_engine:work",
        "env": dict(os.environ),
        "cwd": str(Path.cwd()),
        "may_fork": True,
    }
    with ours:
        with theirs:
            process = zygotes.fork_now(modules, request, [theirs.fileno()])
        ours.settimeout(30)
        of_worker, of_kernel, inherited = ours.recv(1000).decode().split(" ", 2)
        process.kill()
    assert of_worker == of_kernel
    assert inherited == str(modules)


@slow
def test_a_notebook_at_hand_becomes_what_papermill_makes_of_it(tmp_path: Path) -> None:
    cells = ["print(open('beside').read())", "import math\nmath.pi"]
    (tmp_path / "beside").write_text("here", encoding="utf-8")
    usual = execute_notebook(
        notebook(*cells), None, engine_name="dxkit", progress_bar=False, cwd=tmp_path
    )
    ours = execute(notebook(*cells), "python3", tmp_path)
    assert [each.outputs for each in ours.cells] == [each.outputs for each in usual.cells]
    assert [each.metadata.tags for each in ours.cells] == [
        each.metadata.tags for each in usual.cells
    ]
    assert ours.metadata.language_info == usual.metadata.language_info
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        execute(notebook("1/0"), "python3", tmp_path)
