"""Laws of many hands on one case: no update is lost, every conflict is kept and shown."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxkit import paths
from dxkit.case import create, journal, open_case, open_proposals
from dxkit.workshop.verbs.answering import VERBS
from tests.many_hands import FIELDS, GO, READY
from tests.sittings import DEFINITIONS, Sitting, cells, workspace

PEOPLE, TIMES = 4, 15
TABLE = "annex_3.plant_addresses"
FIELD = "annex_3.park"


@pytest.fixture(autouse=True, scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        workspace(tmp_path_factory.mktemp("home"), patch)
        yield
    paths.workspace.cache_clear()


def small_case(folder: Path) -> Path:
    rows = [{"name": f"厂区{number}", "address": "同一地址"} for number in range(4)]
    answers = {"annex_3": {"park": "园区", "plant_addresses": rows}}
    return create(folder / "trial", answers, DEFINITIONS, "测试").folder


def begin(folder: Path, name: str, seed: int, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.many_hands", str(folder), name, str(seed), str(times)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONUTF8": "1"},
        encoding="utf-8",
    )


@pytest.mark.slow
def test_people_in_processes_of_their_own_lose_nothing(tmp_path: Path) -> None:
    folder = small_case(tmp_path)
    people = [begin(folder, name, number, TIMES) for number, name in enumerate("甲乙丙丁"[:PEOPLE])]
    until = time.monotonic() + 60
    while len([*tmp_path.glob(f"*{READY}")]) < PEOPLE and time.monotonic() < until:
        time.sleep(0.05)
    (tmp_path / GO).touch()
    told = [json.loads(line) for each in people for line in each.communicate()[0].splitlines()]
    assert [each.returncode for each in people] == [0] * PEOPLE
    assert len(told) == PEOPLE * TIMES
    assert {kind for kind, *_ in told} == {"saved", "conflict"}, "the test must meet conflicts"

    entries = journal.read(folder)
    written = {
        (change["path"], change["to"]): change["from"]
        for entry in entries[1:]
        for change in entry.changes
    }
    saved = {(path, value): seen for kind, path, seen, value in told if kind == "saved"}
    assert written == saved, "what was saved was written, from just what its writer had seen"
    lost = Counter((path, value) for kind, path, _, value in told if kind == "conflict")
    waiting = Counter((each.path, each.value) for each in open_proposals(entries))
    assert waiting == lost
    assert list(journal.verify(folder)) == []
    case = open_case(folder)
    assert journal.replay(entries) == case.data
    shown = Sitting(folder).ask("hello")["conflicts"]
    assert Counter((each["path"], each["mine"]["value"]) for each in shown) == lost
    last = dict(written.keys())
    assert {path: case.annex("annex_3")[path.split(".")[1]] for path in last} == last
    assert set(last) <= set(FIELDS)


@pytest.mark.slow
def test_what_was_called_saved_is_there_when_its_process_is_killed(tmp_path: Path) -> None:
    folder, chance = small_case(tmp_path), random.Random(4)
    saved: dict[tuple[str, str], None] = {}
    (tmp_path / GO).touch()
    for trial in range(6):
        person = begin(folder, f"第{trial}人", trial, 1000)
        assert person.stdout is not None
        lines = [person.stdout.readline() for _ in range(chance.randint(1, 8))]
        time.sleep(chance.random() * 0.05)
        person.kill()
        lines += person.communicate()[0].splitlines()
        for line in lines:
            if line.endswith(("]", "]\n")):
                kind, path, _, value = json.loads(line)
                assert kind == "saved", "nobody else writes"
                saved[path, value] = None
    entries = journal.read(open_case(folder).folder)
    written = {(change["path"], change["to"]) for each in entries[1:] for change in each.changes}
    assert saved.keys() <= written
    assert list(journal.verify(folder)) == []
    assert journal.replay(entries) == open_case(folder).data
    again = Sitting(folder)
    last = {change["path"]: change["to"] for each in entries[1:] for change in each.changes}
    for path, value in last.items():
        assert again.open(path)[path]["value"] == value


class Hands:
    """Three sittings at one case, and what must stand in it after what they were told."""

    def __init__(self, folder: Path) -> None:
        self.folder = small_case(folder)
        self.people = [Sitting(self.folder, "leader", "组长")]
        self.people += [Sitting(self.folder, "member", name) for name in "甲乙"]
        self.seen = [self.look(each) for each in self.people]
        self.field = "园区"
        self.rows = Counter(f"厂区{number}" for number in range(4))
        self.waiting: dict[int, Any] = {}
        self.made = 0
        self.changed: set[str] = set()

    def look(self, person: Sitting) -> tuple[Any, list[dict[str, Any]]]:
        items = person.open(FIELD)
        return items[FIELD]["value"], items[TABLE]["rows"]

    def new(self) -> str:
        self.made += 1
        return f"新{self.made}"

    def edit(self, who: int) -> None:
        value, seen = self.new(), self.seen[who][0]
        reply = self.people[who].edit(FIELD, value, seen)
        if self.field == seen:
            assert "saved" in reply
            self.field = value
        else:
            self.waiting[reply["conflict"]["n"]] = (FIELD, value)
        assert reply["item"]["value"] == self.field

    def row(self, who: int, action: str, at: int) -> None:
        rows = self.seen[who][1]
        if not rows and action != "add":
            return
        shown = rows[at % len(rows)] if rows else None
        seen = cells(shown) if shown else {}
        asked: dict[str, Any] = {"seen": seen, "index": shown["n"] if shown else None}
        name = self.new()
        if action in ("add", "set"):
            asked["row"] = {"name": name}
        if action == "move":
            asked["to"] = at + 1
        reply = self.people[who].ask("row", path=TABLE, action=action, **asked)
        there = self.rows[seen.get("name", "")] > 0
        if "saved" in reply:
            moved = (
                action == "move" and seen["name"] in self.changed
            )  # it lives on, under a new name
            assert action == "add" or there or moved, "a row that is gone was changed"
            if action in ("set", "remove"):
                self.rows[seen["name"]] -= 1
            if action == "set":
                self.changed.add(seen["name"])
            if action in ("add", "set"):
                self.rows[name] += 1
        elif "conflict" in reply:
            assert not there, "somebody changed the row that was seen"
            self.waiting[reply["conflict"]["n"]] = (TABLE, name if action == "set" else None)
        else:
            assert "problem" in reply
            assert not there

    def decide(self, choose: str) -> None:
        if not self.waiting:
            return
        number = next(iter(self.waiting))
        path, value = self.waiting[number]
        if path == TABLE:
            choose = "theirs"
        reply = self.people[0].ask("decide", n=number, choose=choose)
        assert "saved" in reply, reply
        del self.waiting[number]
        if choose == "mine":
            self.field = value

    def check(self) -> None:
        answers = open_case(self.folder).annex("annex_3")
        assert answers["park"] == self.field
        there = Counter(row["name"] for row in answers.get("plant_addresses") or [])
        assert there == +self.rows
        open_ = {each["n"] for each in self.people[1].ask("hello")["conflicts"]}
        assert open_ == set(self.waiting)
        assert list(journal.verify(self.folder)) == []
        assert journal.replay(journal.read(self.folder)) == open_case(self.folder).data


WHO = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("look"), WHO),
    st.tuples(st.just("edit"), WHO),
    st.tuples(
        st.just("row"), WHO, st.sampled_from(["add", "set", "remove", "move"]), st.integers(0, 5)
    ),
    st.tuples(st.just("decide"), st.sampled_from(["mine", "theirs"])),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=14))
def test_what_people_were_told_is_what_stands_there(
    steps: list[tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as place:
        hands = Hands(Path(place))
        for name, *asked in steps:
            if name == "look":
                hands.seen[asked[0]] = hands.look(hands.people[asked[0]])
            else:
                getattr(hands, name)(*asked)
        hands.check()


PLACES = (
    FIELD,
    TABLE,
    f"{TABLE}.1",
    "annex_6.equipment",
    "annex_6.levels.finance.methods",
    "annex_9.systems",
)
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(PLACES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = (
    "path",
    "raw",
    "seen",
    "action",
    "index",
    "row",
    "to",
    "text",
    "n",
    "choose",
    "form",
    "section",
)
MORE = (
    "words",
    "by",
    "changes",
    "goal",
    "costs",
    "what",
    "format",
    "job",
    "offset",
    "name",
    "size",
    "upload",
)
CHANGING = {"export", "stop"}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    verb=st.sampled_from(sorted(set(VERBS) - CHANGING)),
    path=st.sampled_from(PLACES),
    action=st.sampled_from(["add", "set", "remove", "move", "paste"]),
    more=st.dictionaries(st.sampled_from(KEYS + MORE), JUNK, max_size=5),
)
def test_whatever_a_page_sends_is_answered_in_words_and_leaves_the_case_whole(
    junk_case: Sitting, verb: str, path: str, action: str, more: dict[str, Any]
) -> None:
    message = {"id": 1, "do": verb, "path": path, "action": action, **more}
    reply = junk_case.session.handle(message, [b"x"])
    assert reply["re"] == 1
    assert "fault" not in reply, (message, reply)
    json.dumps({key: value for key, value in reply.items() if key != "bytes"}, allow_nan=False)
    assert all("fault" not in told for told in junk_case.session.news())
    assert open_case(junk_case.session.desk.folder).data is not None


@pytest.fixture(scope="module")
def junk_case(tmp_path_factory: pytest.TempPathFactory) -> Sitting:
    return Sitting(small_case(tmp_path_factory.mktemp("junk")), "leader", "组长")
