"""One case made on whichever machine this is called on: addresses come in, a place goes out.

Whoever calls it is a thread of a Dask worker. The case is made by a worker process of this machine,
within the limits, and its files are put beside the results under no final name: giving that, once,
is for the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from dxkit.batch.basis import ground_of
from dxkit.batch.births import MANY, imported_for
from dxkit.batch.places import place
from dxkit.batch.task import Broken, Limits, Made, Task, Wanted
from dxkit.batch.workers import make_all
from dxkit.definitions import load
from dxkit.errors import DxkitError, os_problem
from dxkit.scratch import Held

DIFFERENT = "处理它的机器上的程序、定义、笔记本或版式与发起批量的机器不同，结果会不一致"


@dataclass(frozen=True)
class Order:
    """One case to be made, by addresses; `ground` is what results rest on where it was ordered."""

    case: str
    out: str
    wanted: Wanted
    limits: Limits
    ground: Mapping[str, str]


def make_afar(order: Order) -> Made | Broken:
    """Make one case; never raises for one bad case."""
    folder = place(order.case)
    held = Held("dxkit-batch-")
    try:
        if ground_of(order.wanted, load()) != order.ground:
            return Broken(folder.name, "failed", (DIFFERENT,))
        log, imported = held.folder / "log", imported_for(MANY)
        task = Task(place(order.out), order.wanted, order.limits, log, held.folder, imported)
        with closing(make_all([folder], task, 1, lambda _: None, lambda _: None)) as coming:
            return next(coming)
    except DxkitError as exc:
        return Broken(folder.name, "failed", tuple(map(str, exc.problems)))
    except OSError as exc:
        return Broken(folder.name, "failed", (str(os_problem(exc)),))
    finally:
        held.let_go()
