"""Kernels: the ordinary one against the forked one, alone and ten at once, side by side.

Time goes from the order to start until the first cell has been answered, the imports of a page;
memory is what a kernel then has for itself alone, which is what one more visitor costs. The
zygote's own start and memory are told apart: a server pays them once. Memory needs Linux.
Run with: uv run python benchmarks/kernel.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from statistics import median

from jupyter_client.manager import AsyncKernelManager
from surroundings import keep_bytecode

KINDS = {"ordinary": "python3", "forked": "dxkit"}
PAGE = "import pandas, matplotlib.pyplot, dxkit.notebook, dxkit.definitions as d; d.load()"
UNIQUE = ("Private_Clean", "Private_Dirty")


async def start(kind: str) -> tuple[AsyncKernelManager, float]:
    """Return a kernel whose first cell has been answered, and the seconds until then."""
    started = time.perf_counter()
    manager = AsyncKernelManager(kernel_name=KINDS[kind])
    await manager.start_kernel()
    client = manager.client()
    client.start_channels(iopub=False, stdin=False, hb=False)
    asked = client.execute(PAGE)
    while (answer := await client.get_shell_msg(timeout=120))["parent_header"]["msg_id"] != asked:
        pass
    assert answer["content"]["status"] == "ok", answer
    seconds = time.perf_counter() - started
    client.stop_channels()
    return manager, seconds


async def measure(kind: str, count: int) -> tuple[float, float]:
    """Return the seconds until all of some kernels have answered, and the megabytes of each."""
    started = time.perf_counter()
    managers = [each for each, _ in await asyncio.gather(*(start(kind) for _ in range(count)))]
    seconds = time.perf_counter() - started
    memory = [megabytes(each.provisioner.pid) for each in managers]
    await asyncio.gather(*(each.shutdown_kernel(now=True) for each in managers))
    return seconds, sum(memory) / count


def megabytes(process: int) -> float:
    """Return the megabytes of memory that no other process shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    values = dict(line.split(":", 1) for line in lines[1:])
    return sum(int(values[key].split()[0]) for key in UNIQUE) / 1024


async def compare(rounds: int) -> None:
    """Measure both kinds in turn and print the ratios of their medians."""
    manager, seconds = await start("forked")
    await manager.shutdown_kernel(now=True)
    print(f"the first forked kernel, which waits for the imports of its zygote: {seconds:.2f} s")
    for count in (1, 10):
        results: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        for _ in range(rounds):
            for kind, measured in results.items():
                measured.append(await measure(kind, count))
        (slow, big), (fast, small) = (
            [median(column) for column in zip(*measured, strict=True)]
            for measured in results.values()
        )
        print(
            f"{count} at once: ordinary {slow:.2f} s and {big:.0f} MB each, "
            f"forked {fast:.2f} s and {small:.0f} MB each; "
            f"1/{slow / fast:.1f} of the time and 1/{big / small:.1f} of the memory"
        )


def main() -> None:
    """Compare, with as many rounds as asked for."""
    keep_bytecode()
    asyncio.run(compare(int(sys.argv[1]) if len(sys.argv) > 1 else 3))


if __name__ == "__main__":
    main()
