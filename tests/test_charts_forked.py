"""Charts drawn in forks of a process that has drawn before: no two read one open font file."""

from __future__ import annotations

import multiprocessing
import os
from hashlib import sha256

import pytest

from dxkit.charts.letters import line

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
# Characters far apart in the file, so that every one of them is read from another place.
TEXT = "".join(chr(point) for point in range(0x4E00, 0x9F00, 5))


def drawn(_number: int) -> str:
    parts = [TEXT[start : start + 4] for start in range(0, len(TEXT), 4)]
    return sha256(b"".join(line(part, 11, 160).ink.tobytes() for part in parts)).hexdigest()


def test_forks_that_draw_at_once_draw_the_same() -> None:
    line("先画一次", 11, 160)
    with multiprocessing.get_context("fork").Pool(4) as pool:
        found = set(pool.map(drawn, range(8), chunksize=1))
    line.cache_clear()
    assert found == {drawn(0)}
