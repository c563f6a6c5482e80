"""Thousands of reports end to end: memory from the hundredth to the last, kills, the same bytes.

Invented enterprises are reported on twice: once undisturbed, while the memory of the batch is
looked at every second; and once killed with all it has started at random moments and taken up
again. Then every byte is compared.

Run with: uv run python benchmarks/thousands.py [CASES] [KILLS] [SEED]
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import psutil

from dxkit.batch.ledger import Ledger

ROOT = Path(__file__).resolve().parent.parent
FIRST, LAST = 100, 5
"""Cases at the beginning and at the end during which memory is not looked at."""


class Look(NamedTuple):
    """How many cases were done, and the MB that the command and all its processes took."""

    done: int
    command: float
    all: float


def begin(cases: Path, out: Path) -> subprocess.Popen[bytes]:
    """Start a batch in a session of its own."""
    command = [sys.executable, "-m", "dxkit", "batch", str(cases), "--out", str(out), "--quiet"]
    home = {**os.environ, "DXKIT_HOME": str(ROOT)}
    null = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=null, stderr=null, env=home, start_new_session=True)


def undisturbed(cases: Path, out: Path) -> list[Look]:
    """Make all reports and return what memory they took meanwhile."""
    batch, looks = begin(cases, out), []
    while batch.poll() is None:
        time.sleep(1)
        done = len(list(out.glob("*/report.pdf")))
        with suppress(psutil.Error):
            looks.append(look(psutil.Process(batch.pid), done))
    if batch.returncode:
        raise SystemExit(f"the batch ended with {batch.returncode}")
    return looks


def look(command: psutil.Process, done: int) -> Look:
    """Return the memory of a command and of all processes it started, shared pages once."""
    own, total = command.memory_info().rss, 0
    for each in (command, *command.children(recursive=True)):
        with suppress(psutil.Error):
            total += each.memory_full_info().pss
    return Look(done, own / 2**20, total / 2**20)


def disturbed(cases: Path, out: Path, kills: int, seconds: float, dice: random.Random) -> int:
    """Make all reports although the batch is killed again and again; return how often it was.

    The moments lie anywhere in the time that undisturbed work takes. What a kill costs comes on top
    of it, so that there is work left at each of them.
    """
    done = 0
    moments = [0.0, *sorted(dice.uniform(0, seconds) for _ in range(kills))]
    for before, moment in pairwise(moments):
        batch = begin(cases, out)
        with suppress(subprocess.TimeoutExpired):
            batch.wait(moment - before)
        if batch.poll() is None:
            batch.kill()
            batch.wait()
            done += 1
    batch = begin(cases, out)
    if batch.wait():
        raise SystemExit(f"the last batch ended with {batch.returncode}")
    return done


def bytes_of(out: Path) -> dict[str, str]:
    """Return the hash of every file that was made for a case."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.parent != out
    }


def main() -> None:
    """Make them twice and print what was found."""
    told = [int(word) for word in sys.argv[1:]]
    count, kills, seed = (*told, *(3000, 20, 1)[len(told) :])
    with tempfile.TemporaryDirectory() as folder:
        cases, room = Path(folder) / "cases", Path(folder)
        synth = ["dxkit", "synth", str(count), "--seed", "1", "--out", str(cases)]
        subprocess.run(synth, check=True, capture_output=True)
        started = time.monotonic()
        looks = undisturbed(cases, room / "undisturbed")
        seconds = time.monotonic() - started
        rate = 60 * count / seconds
        print(f"{count} reports in {seconds:.0f} s, {rate:.0f} a minute", flush=True)
        first, last = min(FIRST, count // 4), count - LAST
        later = [each for each in looks if first <= each.done <= last]
        tenth = max(1, len(later) // 10)
        for words, place in (("the command", 1), ("all processes, shared pages once", 2)):
            early = mean(each[place] for each in later[:tenth])
            late = mean(each[place] for each in later[-tenth:])
            growth = 100 * (late / early - 1)
            told = f"{early:.0f} MB at first, {late:.0f} at last, {growth:+.1f} %"
            print(f"memory of {words}: {told}")
        dice = random.Random(seed)
        killed = disturbed(cases, room / "killed", kills, seconds, dice)
        same = bytes_of(room / "undisturbed") == bytes_of(room / "killed")
        states = {each.state for each in Ledger(room / "killed").entries()}
        print(f"killed {killed} times and taken up: {'the same bytes' if same else 'OTHER BYTES'}")
        print(f"ledger: {', '.join(sorted(states))}; seed {seed}")
        raise SystemExit(0 if same else 1)


if __name__ == "__main__":
    main()
