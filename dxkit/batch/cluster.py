"""A batch on other machines: the workers of a Dask cluster, of which some may be lost."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from dxkit.batch.afar import Order, make_afar
from dxkit.batch.task import Broken, Made
from dxkit.errors import ParameterError, Problem

RETRIES = 3
"""Workers that may be lost over one case before it is taken to be the case's fault."""
AHEAD = 3
"""Cases that wait for each worker, so that none is idle and the scheduler is not flooded."""
PATIENCE = 10
"""Seconds in which a scheduler must answer."""
LOST = f"处理它的机器或进程接连丢失，重试 {RETRIES} 次仍然如此"


def make_on(
    scheduler: str, orders: Sequence[tuple[Path, Order]], begun: Callable[[Path], None]
) -> Generator[Made | Broken, None, None]:
    """Yield what comes of each case as it comes; a lost worker's case is made by another.

    Raises:
        ParameterError: if there is no such scheduler, it has no workers, or it is lost.
    """
    if not orders:
        return
    left = iter(orders)
    waiting: dict[Future[Made | Broken], Path] = {}
    with _executor(scheduler) as (executor, hands), _loss_told(scheduler):
        while True:
            for folder, order in islice(left, hands * AHEAD - len(waiting)):
                begun(folder)
                waiting[executor.submit(make_afar, order)] = folder
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield _came(future, waiting.pop(future))


def _came(future: Future[Made | Broken], folder: Path) -> Made | Broken:
    try:
        return future.result()
    except CancelledError:  # nobody here cancels: the scheduler is gone, which is no case's fault
        raise
    except Exception as exc:  # whatever a cluster meets over one case must not stop the others
        said = LOST if type(exc).__name__ == "KilledWorker" else f"{type(exc).__name__}：{exc}"
        return Broken(folder.name, "dead", (said,))


@contextmanager
def _loss_told(scheduler: str) -> Iterator[None]:
    from distributed.client import ClosedClientError  # noqa: PLC0415 - as below
    from distributed.comm.core import CommClosedError  # noqa: PLC0415

    try:
        yield
    except (CancelledError, ClosedClientError, CommClosedError):
        expected = "调度器恢复后再运行一次，只做没有完成的"
        raise ParameterError(Problem(scheduler, "--scheduler", "连接中断", expected)) from None


@contextmanager
def _executor(scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Give what runs functions, and how many at once."""
    client = _client(scheduler)
    try:
        hands = sum(client.nthreads().values())
        if not hands:
            found, expected = "没有工作进程", "先用 dask worker 启动工作进程"
            raise ParameterError(Problem(scheduler, "--scheduler", found, expected))
        executor = client.get_executor(retries=RETRIES, pure=False)
        try:
            yield executor, hands
        finally:
            with suppress(Exception):  # of a scheduler that is lost: there is nothing to let go
                executor.shutdown(wait=False)
    finally:
        with suppress(Exception):
            client.close()


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415 - of the extra `cluster`, seldom needed
        from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415
    except ImportError:
        found, expected = "没有安装 Dask", "先安装 dxkit[cluster]"
        raise ParameterError(Problem(scheduler, "--scheduler", found, expected)) from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # it tells tracebacks
    try:
        # A client that finds nobody takes itself apart for twenty seconds, with a traceback.
        socket.create_connection(get_address_host_port(scheduler), PATIENCE).close()
        connect: Callable[..., Any] = Client
        return connect(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        found, expected = "连接不上", "正在运行的调度器的地址，如 tcp://192.168.1.10:8786"
        raise ParameterError(Problem(scheduler, "--scheduler", found, expected)) from None
