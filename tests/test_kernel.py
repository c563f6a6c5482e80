"""Forked kernels: started in no time, and otherwise kernels like any other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from dxkit.kernel import zygotes
from dxkit.kernel.folders import PREFIX, private_folder
from dxkit.kernel.specs import ForkedKernelSpecManager, warm_up
from dxkit.scratch import sweep

from .kernels import FORKED, Kernel, alive, running, specification, within

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="kernels are forked on POSIX; others are stock"),
]


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> KernelSpecManager:
    return specification(tmp_path_factory.mktemp("lean"), ["numpy.random"])


@pytest.fixture(scope="module")
def kernel(lean: KernelSpecManager) -> Iterator[Kernel]:
    with running(lean) as started:
        yield started


@pytest.fixture(scope="module")
def sibling(lean: KernelSpecManager, kernel: Kernel) -> Iterator[Kernel]:
    with running(lean) as started:
        yield started


def test_the_specification_comes_with_the_package() -> None:
    spec = KernelSpecManager().get_kernel_spec("dxkit")
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "dxkit-fork"


def test_a_server_can_fork_for_notebooks_written_for_the_ordinary_kernel() -> None:
    specs = ForkedKernelSpecManager()
    assert specs.get_kernel_spec("python3").display_name == "dxkit"
    ordinary = KernelSpecManager().get_kernel_spec("python3")
    assert ordinary.display_name != "dxkit"


def test_a_kernel_is_forked_and_talks_over_private_sockets(kernel: Kernel) -> None:
    assert kernel.ask(FORKED)
    assert kernel.manager.transport == "ipc"
    sockets = list(private_folder().iterdir())
    assert len([each for each in sockets if str(each).startswith(kernel.manager.ip)]) == 5
    assert private_folder().stat().st_mode & 0o077 == 0


def test_what_is_named_is_there_before_anything_asks_for_it(kernel: Kernel) -> None:
    assert kernel.ask("'numpy.random' in __import__('sys').modules")


def test_papermill_takes_it_by_name(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(f"print({FORKED})\nprint(open('beside').read())")]
    nbformat.write(notebook, tmp_path / "in.ipynb")
    (tmp_path / "beside").write_text("here", encoding="utf-8")
    command = ["papermill", "-k", "dxkit", "--cwd", str(tmp_path), "in.ipynb", "out.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert "".join(each.text for each in done.cells[0].outputs) == "True\nhere\n"


SHOWN = """\
import sys, os
import matplotlib.pyplot as plt
print("out"); print("err", file=sys.stderr)
plt.plot([1, 3, 2]); plt.title("plain")
plt.show()
{"a": 1}
"""


def test_it_shows_what_the_ordinary_kernel_shows() -> None:
    shown = []
    for name in ("python3", "dxkit"):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(code) for code in (SHOWN, "1/0", "__name__")]
        client = NotebookClient(notebook, kernel_name=name, timeout=60, allow_errors=True)
        cells = client.execute().cells
        outputs = [dict(each) for cell in cells for each in cell.outputs]
        for each in outputs:
            each.pop("traceback", None)  # names the process id in the file of a cell
        shown.append(sorted(outputs, key=repr))
    assert shown[0] == shown[1]
    kinds = {each["output_type"] for each in shown[0]}
    assert kinds == {"stream", "display_data", "execute_result", "error"}
    assert any("image/png" in each.get("data", {}) for each in shown[0])


def test_ten_at_once_are_ten_kernels(lean: KernelSpecManager) -> None:
    async def one(number: int) -> tuple[int, str]:
        manager = AsyncKernelManager(kernel_name="lean", kernel_spec_manager=lean)
        await manager.start_kernel(env={**os.environ, "NUMBER": str(number)})
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        told: list[str] = []
        code = "import os; print(os.environ['NUMBER'], end='')"
        await client._async_execute_interactive(
            code, timeout=30, output_hook=lambda each: told.append(each["content"].get("text", ""))
        )
        pid = manager.provisioner.pid
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return pid, "".join(told)

    async def all_of_them() -> list[tuple[int, str]]:
        return await asyncio.gather(*(one(number) for number in range(10)))

    answers = asyncio.run(all_of_them())
    assert [number for _, number in answers] == [str(number) for number in range(10)]
    assert len({pid for pid, _ in answers}) == 10


def test_folder_and_environment_are_those_asked_for(
    lean: KernelSpecManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_SERVER", "1")
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    place = tmp_path / "数据"
    place.mkdir()
    with running(lean, cwd=str(place), env={**env, "WHO": "张三", "ODD": "\udcff"}) as started:
        assert started.ask(FORKED)
        assert started.ask("__import__('os').getcwd()") == str(place)
        assert started.ask("__import__('os').environ['WHO']") == "张三"
        assert started.ask("__import__('os').environ['ODD']") == "\udcff"
        assert not started.ask("'OF_THE_SERVER' in __import__('os').environ")
        (place / "beside.py").write_text("HERE = True", encoding="utf-8")
        assert started.ask("__import__('beside').HERE")


def test_two_kernels_share_neither_names_nor_chance(kernel: Kernel, sibling: Kernel) -> None:
    kernel.run("mine = 1; import json; json.mine = 1")
    assert not sibling.ask("'mine' in globals() or hasattr(json, 'mine')")
    for drawn in (
        "__import__('random').random()",
        "float(__import__('numpy.random').random.random())",
        "str(__import__('uuid').uuid1())",
        "str(__import__('uuid').uuid4())",
        "next(__import__('tempfile')._get_candidate_names())",
        "__import__('multiprocessing').current_process().authkey.hex()",
        "get_ipython().kernel.session.session",
    ):
        assert kernel.ask(drawn) != sibling.ask(drawn), drawn


def test_arithmetic_with_threads_survives_the_fork(kernel: Kernel) -> None:
    square = "__import__('numpy').full((600, 600), 2.0)"
    assert kernel.ask(f"float(({square} @ {square}).sum())") == 4.0 * 600**3


def test_an_interrupt_stops_a_cell_and_leaves_the_kernel(kernel: Kernel) -> None:
    kernel.run("left = 1")
    endless = "print('begun', flush=True)\nwhile True: pass"
    kernel.client.execute(endless, stop_on_error=False)  # or what follows at once is dropped
    while kernel.client.get_iopub_msg(timeout=10)["msg_type"] != "stream":
        pass
    kernel.manager.interrupt_kernel()
    assert kernel.client.get_shell_msg(timeout=10)["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.ask("left") == 1


def test_the_debugger_answers(kernel: Kernel) -> None:
    request = {"type": "request", "command": "initialize", "seq": 1, "arguments": {}}
    kernel.client.control_channel.send(kernel.client.session.msg("debug_request", request))
    assert kernel.client.get_control_msg(timeout=20)["content"]["success"]


def test_the_debugger_passes_over_the_kernel_and_not_over_what_was_preloaded(
    kernel: Kernel,
) -> None:
    passed = kernel.ask("get_ipython().kernel.debugger.kernel_modules")
    assert any(file.endswith("kernelapp.py") for file in passed)
    assert not [file for file in passed if "random" in Path(file).parts]


def test_a_killed_kernel_is_seen_within_a_second_and_can_be_had_anew(
    lean: KernelSpecManager,
) -> None:
    with running(lean) as started:
        first = started.pid
        os.kill(first, signal.SIGKILL)
        assert within(1, lambda: not started.manager.is_alive())
        assert asyncio.run(started.manager.provisioner.poll()) == -signal.SIGKILL
        started.manager.restart_kernel(now=True)
        started.client.wait_for_ready(timeout=30)
        assert started.ask(FORKED)
        assert started.pid != first


def test_nothing_is_left_of_a_kernel_that_is_shut_down(lean: KernelSpecManager) -> None:
    with running(lean) as started:
        pid, prefix = started.pid, started.manager.ip
        begun = time.monotonic()
        started.manager.shutdown_kernel()
        assert time.monotonic() - begun < 2
        assert not alive(pid)
        left = [each for each in private_folder().iterdir() if f"{each}".startswith(prefix)]
        assert not left


SERVER = """\
import sys, time
from pathlib import Path
from jupyter_client.manager import KernelManager
from dxkit.kernel import zygotes
from dxkit.kernel.folders import private_folder
from tests.kernels import running, specification
specs = specification(Path(sys.argv[1]), [])
with running(specs) as idle, running(specs) as busy:
    busy.client.execute(sys.argv[2])
    zygote, = zygotes._living.values()
    time.sleep(0.3)
    print(private_folder(), zygote._process.pid, idle.pid, busy.pid, flush=True)
    time.sleep(60)
"""
DEAF = "import re; re.match('(a+)+$', 'a' * 64 + 'b')"
"""Code that holds the interpreter's lock for ever, so that no thread can notice anything."""


@pytest.mark.parametrize("before", [None, signal.SIGKILL], ids=["zygote lives", "zygote killed"])
def test_kernels_end_with_their_server_however_it_ends(
    tmp_path: Path, before: signal.Signals | None
) -> None:
    code = DEAF if before is None else "while True: pass"
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path), code], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    folder, *pids = server.stdout.readline().split()
    zygote, *kernels = map(int, pids)
    if before:
        os.kill(zygote, before)
        time.sleep(0.3)
        assert all(map(alive, kernels))  # they can do without it
    server.kill()
    server.wait()
    assert within(3, lambda: not any(map(alive, [zygote, *kernels])))
    if before:
        assert Path(folder).exists()
        sweep(PREFIX)
    assert within(1, lambda: not Path(folder).exists())


def test_a_changed_source_is_seen_by_the_next_kernel(tmp_path: Path) -> None:
    package = tmp_path / "worked_on"
    package.mkdir()
    (package / "__init__.py").write_text("STATE = 'old'\n", encoding="utf-8")
    specs = specification(tmp_path, ["worked_on"])
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with ExitStack() as stack:
        first = stack.enter_context(running(specs, env=env))
        assert first.ask("__import__('worked_on').STATE") == "old"
        (package / "__init__.py").write_text("STATE = 'new one'\n", encoding="utf-8")
        second = stack.enter_context(running(specs, env=env))
        assert second.ask("__import__('worked_on').STATE") == "new one"
        assert second.ask(FORKED)
        assert first.ask("__import__('worked_on').STATE") == "old"  # lives on meanwhile


@pytest.mark.parametrize(
    ("preload", "fork", "reason"),
    [
        ([], False, "unknown to this system"),
        (["os:abort"], True, "its zygote ended twice"),
        (["tests.test_kernel:break_kernels"], True, "before it was ready"),
    ],
    ids=["no fork", "no zygote", "no start"],
)
def test_an_ordinary_kernel_is_started_where_none_can_be_forked(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    preload: list[str],
    fork: bool,
    reason: str,
) -> None:
    if not fork:
        monkeypatch.delattr(os, "fork")
    logging.getLogger("traitlets").propagate = True
    specs = specification(tmp_path, preload)
    with caplog.at_level(logging.WARNING), running(specs) as started:
        assert not started.ask(FORKED)
        assert started.ask("6 * 7") == 42
    lines = [line for line in caplog.messages if "ordinary kernel" in line]
    assert len(lines) == 1
    assert reason in lines[0]


def break_kernels() -> None:
    """Let every kernel forked from this process fail as it starts."""
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    def fail(*_: object) -> None:
        raise SystemExit(3)

    IPKernelApp.initialize = fail


def test_a_module_that_cannot_be_imported_is_left_for_whoever_needs_it(tmp_path: Path) -> None:
    with running(specification(tmp_path, ["no_such_module", "fractions"])) as started:
        assert started.ask(FORKED)
        assert started.ask("'fractions' in __import__('sys').modules")


def test_a_server_that_warmed_up_has_one_process_for_all_its_kernels(tmp_path: Path) -> None:
    specs = specification(tmp_path, ["colorsys"])
    warm_up(specs, "lean", os.environ)
    (warm,) = (each for recipe, each in zygotes._living.items() if recipe[0] == ("colorsys",))
    with running(specs) as started:
        assert psutil.Process(started.pid).ppid() == warm._process.pid


def test_whoever_waits_for_a_kernel_waits_no_longer_than_it_takes(lean: KernelSpecManager) -> None:
    async def waited() -> float:
        manager = AsyncKernelManager(kernel_name="lean", kernel_spec_manager=lean)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        begun = time.monotonic()
        await client.wait_for_ready(timeout=30)
        seconds = time.monotonic() - begun
        asked = client.execute("print('heard')")
        while (told := await client.get_iopub_msg(timeout=10))["msg_type"] != "stream":
            pass
        assert told["parent_header"]["msg_id"] == asked
        client.stop_channels()
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        late = manager.client()
        late.start_channels()
        with pytest.raises(RuntimeError, match="died"):
            await late.wait_for_ready(timeout=30)
        late.stop_channels()
        await manager.shutdown_kernel(now=True)
        return seconds

    assert min(asyncio.run(waited()) for _ in range(3)) < 0.2  # the usual client's idle wait
