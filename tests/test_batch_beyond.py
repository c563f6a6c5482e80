"""A batch beyond one machine: a store for cases and results, a cluster whose workers get lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dxkit.batch import Means, Outcome, Run, Wanted, run
from dxkit.batch.ledger import Ledger
from dxkit.batch.places import case_folders, place
from dxkit.case import writing
from dxkit.errors import ParameterError

from .quick_reports import add_cases, bytes_in, quick_workspace

pytestmark = pytest.mark.slow
NAMES = [f"case-{number:02}" for number in range(6)]
WANTED = Wanted(("html",))


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with quick_workspace(tmp_path / "home", monkeypatch) as home:
        yield home


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow to import

    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    host, port = made.get_host_and_port()
    yield f"http://{host}:{port}"
    made.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The address of a bucket; what leads to the server is told as to any S3 client."""
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    import fsspec  # noqa: PLC0415

    name = f"bucket-{abs(hash(tmp_path.as_posix())):x}"
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    store.mkdir(name)
    return f"s3://{name}"


def upload(folder: Path, address: str) -> None:
    store = place(address).fs  # type: ignore[attr-defined]
    for path in (each for each in folder.rglob("*") if each.is_file()):
        store.put_file(str(path), f"{address[5:]}/{path.relative_to(folder).as_posix()}")


def download(address: str) -> dict[str, str]:
    """The hashes of what was made for cases in a store."""
    store = place(address).fs  # type: ignore[attr-defined]
    store.invalidate_cache()
    root = address[5:]
    names = [each[len(root) + 1 :] for each in store.find(root)]
    return {
        name: sha256(store.cat_file(f"{root}/{name}")).hexdigest()
        for name in names
        if name.split("/")[0] in NAMES
    }


def statuses(done: Run) -> dict[str, str]:
    return {each.case: each.status for each in done.outcomes}


def test_cases_and_results_in_a_store_give_the_same_bytes(workspace: Path, bucket: str) -> None:
    parent = workspace / "parameters"
    folders = add_cases(parent, *NAMES)
    run(folders, workspace / "here", WANTED, Means(2))
    upload(parent, f"{bucket}/cases")
    upload(add_cases(workspace / "lost", "lost")[0], f"{bucket}/cases/lost")
    place(f"{bucket}/cases/lost/case.yaml").unlink()
    *stored, lost = case_folders(place(f"{bucket}/cases"))
    assert lost.name == "lost"
    out = place(f"{bucket}/out")
    first = run(stored, out, WANTED, Means(2))
    assert statuses(first) == dict.fromkeys(NAMES, "ok"), first.failed
    assert download(f"{bucket}/out") == bytes_in(workspace / "here")
    again = run(stored, out, WANTED, Means(2))
    assert statuses(again) == dict.fromkeys(NAMES, "unchanged")
    with writing(folders[2], "测试") as writer:
        writer.set("annex_6.equipment", 9)
    upload(folders[2], f"{bucket}/cases/{NAMES[2]}")
    changed = run(case_folders(place(f"{bucket}/cases")), out, WANTED, Means(2))
    assert statuses(changed)[NAMES[2]] == "ok"
    assert sum(each.status == "ok" for each in changed.outcomes) == 1
    store = out.fs  # type: ignore[attr-defined]
    store.invalidate_cache()
    assert not [each for each in store.find(f"{bucket[5:]}/out") if "/.unfinished/" in each]
    assert not [each for each in store.find(f"{bucket[5:]}/out") if "/previous/" in each]


def test_a_file_in_a_store_that_no_batch_made_is_set_aside(workspace: Path, bucket: str) -> None:
    (folder,) = add_cases(workspace / "parameters", NAMES[0])
    out = place(f"{bucket}/out")
    (out / NAMES[0] / "report.html").write_text("somebody's own", encoding="utf-8")
    (outcome,) = run([folder], out, WANTED, Means(1)).outcomes
    assert outcome.previous == (f"{NAMES[0]}/previous/report.html",)
    kept = download(f"{bucket}/out")[f"{NAMES[0]}/previous/report.html"]
    assert kept == sha256(b"somebody's own").hexdigest()


def test_two_batches_never_write_to_one_store(workspace: Path, bucket: str) -> None:
    (folder,) = add_cases(workspace / "parameters", NAMES[0])
    out = place(f"{bucket}/out")
    (out / ".batch.lock").write_text(f'{{"by": "another", "at": {time.time()}}}', "utf-8")
    with pytest.raises(ParameterError, match="另一批报告正在写入"):
        run([folder], out, WANTED, Means(1))
    (out / ".batch.lock").write_text('{"by": "another", "at": 1}', "utf-8")  # died long ago
    assert statuses(run([folder], out, WANTED, Means(1))) == {NAMES[0]: "ok"}


@pytest.fixture
def cluster(workspace: Path) -> Iterator[Any]:
    from distributed import LocalCluster  # noqa: PLC0415 - slow to import

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        host="127.0.0.1",
        local_directory=str(workspace),
    ) as made:
        yield made


@pytest.mark.skipif(os.name == "nt", reason="kills a process as the system would")
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(workspace: Path, cluster: Any) -> None:
    folders = add_cases(workspace / "parameters", *NAMES)
    run(folders, workspace / "here", WANTED, Means(2))
    out = workspace / "out"
    victims = [worker.pid for worker in cluster.workers.values()]
    done: list[str] = []

    def kill_one(told: object) -> None:
        if isinstance(told, Outcome):
            done.append(told.case)
            if len(done) == 1:
                threading.Thread(target=os.kill, args=(victims[0], signal.SIGKILL)).start()

    finished = run(folders, out, WANTED, Means(scheduler=cluster.scheduler_address), kill_one)
    assert statuses(finished) == dict.fromkeys(NAMES, "ok"), finished.failed
    assert bytes_in(out) == bytes_in(workspace / "here")
    assert sorted(done) == NAMES
    assert not (out / ".unfinished").exists()
    assert {each.state for each in Ledger(out).entries()} == {"ok"}


@pytest.mark.skipif(os.name == "nt", reason="kills a process as the system would")
def test_a_lost_scheduler_costs_no_result_and_is_told_once(
    workspace: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folders = add_cases(workspace / "parameters", *NAMES)
    out = workspace / "out"
    run(folders, out, WANTED, Means(2))
    before = bytes_in(out)
    with lone_cluster(workspace) as (address, scheduler):

        def kill_it(told: object) -> None:
            if isinstance(told, Outcome):
                scheduler.kill()

        with pytest.raises(ParameterError, match="连接中断"):
            run(folders, out, Wanted(("html",), again="all"), Means(scheduler=address), kill_it)
    assert bytes_in(out) == before
    assert "Traceback" not in capfd.readouterr().err
    assert {each.state for each in Ledger(out).entries()} <= {"ok", "started", "queued"}
    assert set(statuses(run(folders, out, WANTED, Means(2))).values()) == {"ok", "unchanged"}


@contextmanager
def lone_cluster(workspace: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler and a worker as processes of their own, as one starts them by hand."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "dask"]
    quiet: dict[str, Any] = {"cwd": workspace, "stderr": subprocess.DEVNULL}
    alone = ("--host", "127.0.0.1", "--no-dashboard")
    head = subprocess.Popen(
        [*dask, "scheduler", *alone, "--port", address.rpartition(":")[2]], **quiet
    )
    hand = subprocess.Popen(
        [*dask, "worker", address, *alone, "--nworkers", "1", "--nthreads", "1"], **quiet
    )
    try:
        await_worker(address)
        yield address, head
    finally:
        for each in (hand, head):
            each.terminate()
            each.wait(20)


def await_worker(address: str) -> None:
    from distributed import Client  # noqa: PLC0415 - slow to import

    host, _, port = address.removeprefix("tcp://").partition(":")
    for _ in range(300):
        with suppress(OSError), socket.create_connection((host, int(port)), 1):
            break
        time.sleep(0.1)
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, 30)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "foo", "http://127.0.0.1:9"])
def test_a_scheduler_that_is_not_there_is_told(workspace: Path, address: str) -> None:
    (folder,) = add_cases(workspace / "parameters", NAMES[0])
    with pytest.raises(ParameterError, match="连接不上"):
        run([folder], workspace / "out", WANTED, Means(scheduler=address))


def test_a_cluster_is_not_needed_where_nothing_is_to_be_made(workspace: Path) -> None:
    folders = add_cases(workspace / "parameters", NAMES[0])
    run(folders, workspace / "out", WANTED, Means(1))
    done = run(folders, workspace / "out", WANTED, Means(scheduler="tcp://127.0.0.1:9"))
    assert statuses(done) == {NAMES[0]: "unchanged"}


def test_an_address_nobody_knows_is_told() -> None:
    with pytest.raises(ParameterError, match="nosuch://a/b：发现：不认识的地址"):
        place("nosuch://a/b")
