"""A case under many hands: what others write is seen at once, and no value vanishes silently."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.case import (
    Change,
    Follower,
    create,
    journal,
    open_case,
    open_proposals,
    store_of,
    writing,
)
from dxkit.definitions import load
from dxkit.errors import CaseError, ConflictError

DEFINITIONS = load()
ANSWERS = {
    "annex_6": {"equipment": 40, "levels": {"finance": 2}},
    "annex_3": {"contact_name": "甲"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create(tmp_path / "trial", ANSWERS, DEFINITIONS, "测试").folder


def write(folder: Path, who: str, path: str, value: object) -> None:
    with writing(folder, who) as writer:
        writer.set(path, value)


def test_what_another_writes_is_news_once_and_stands_in_the_case(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    assert follower.news() == []
    write(folder, "张示例", "annex_6.equipment", 50)
    write(folder, "李示例", "annex_3.contact_name", "乙")
    assert [entry.who for entry in follower.news()] == ["张示例", "李示例"]
    assert follower.case.found["equipment"] == 50
    assert follower.case.digest == open_case(folder).digest
    assert follower.news() == []


def test_an_edit_by_hand_is_journalled_and_seen(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    file = folder / "case.yaml"
    file.write_text(file.read_text("utf-8").replace("40", "41"), "utf-8")
    assert [entry.what for entry in follower.news()] == ["hand_edit"]
    assert follower.case.found["equipment"] == 41


def test_an_edit_by_hand_that_fits_no_form_is_told_and_what_was_known_stays(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    file = folder / "case.yaml"
    good = file.read_text("utf-8")
    file.write_text(good.replace("equipment:", "equipmnt:"), "utf-8")
    with pytest.raises(CaseError, match="equipmnt"):
        follower.news()
    assert follower.case.found["equipment"] == 40
    file.write_text(good, "utf-8")
    assert follower.news() == []


def test_a_torn_line_is_no_news_until_it_is_whole(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    with (folder / "journal.jsonl").open("ab") as stream:
        stream.write(b'{"n": 2, "at"')
    assert follower.news() == []
    write(folder, "张示例", "annex_6.equipment", 50)
    assert [entry.n for entry in follower.news()] == [2]


def test_a_case_that_was_put_back_is_read_anew(folder: Path) -> None:
    earlier = {name: (folder / name).read_bytes() for name in ("case.yaml", "journal.jsonl")}
    follower = Follower(folder, DEFINITIONS)
    write(folder, "张示例", "annex_6.equipment", 50)
    follower.news()
    for name, content in earlier.items():
        (folder / name).write_bytes(content)
    follower.news()
    assert follower.case.found["equipment"] == 40


def test_what_is_kept_apart_is_followed_too(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    assert follower.case.restricted is None
    write(store_of(folder, "annex_9"), "张示例", "annex_9.filled_on", "2026-11-03")
    follower.news()
    assert follower.case.restricted is not None
    before = follower.case.restricted
    write(folder, "李示例", "annex_6.equipment", 50)
    follower.news()
    assert follower.case.restricted is before
    write(store_of(folder, "annex_9"), "张示例", "annex_9.filled_on", "2026-11-04")
    assert [entry.who for entry in follower.news()] == ["张示例"]
    assert follower.case.restricted.annex("annex_9")["filled_on"] == "2026-11-04"


def test_a_value_that_lost_changes_nothing_and_waits_for_a_decision(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    write(folder, "张示例", "annex_6.equipment", 50)
    with writing(folder, "李示例") as writer:
        with pytest.raises(ConflictError):
            writer.set("annex_6.equipment", 60, based_on=40)
        number = writer.propose(Change("annex_6.equipment", 60, based_on=40))
    follower.news()
    assert follower.case.found["equipment"] == open_case(folder).found["equipment"] == 50
    (waiting,) = follower.proposals
    assert (waiting.n, waiting.path, waiting.value) == (number, "annex_6.equipment", 60)
    assert (waiting.based_on, waiting.who) == (40, "李示例")
    assert list(journal.verify(folder)) == []


def test_a_decision_for_either_value_ends_the_waiting(folder: Path) -> None:
    follower = Follower(folder, DEFINITIONS)
    for wanted in (60, 50):
        with writing(folder, "李示例") as writer:
            number = writer.propose(Change("annex_6.equipment", 60, based_on=40))
        with writing(folder, "组长") as writer:
            writer.apply([Change("annex_6.equipment", wanted)], settles=[number])
        follower.news()
        assert follower.proposals == ()
        assert follower.case.found["equipment"] == wanted
    with writing(folder, "李示例") as writer:
        number = writer.propose(Change("annex_6.equipment", 70))
    with writing(folder, "组长") as writer:
        writer.apply([], settles=[number])
    assert open_proposals(journal.read(folder)) == ()
    assert list(journal.verify(folder)) == []
    assert journal.replay(journal.read(folder)) == open_case(folder).data


def test_whoever_saw_an_older_content_still_writes_on_the_newest(folder: Path) -> None:
    seen = open_case(folder)
    write(folder, "张示例", "annex_6.equipment", 50)
    with writing(folder, "李示例", DEFINITIONS, seen) as writer:
        writer.set("annex_3.contact_name", "乙")
    assert open_case(folder).found["equipment"] == 50
    assert list(journal.verify(folder)) == []


def test_what_fits_no_form_cannot_be_proposed(folder: Path) -> None:
    with writing(folder, "李示例") as writer, pytest.raises(CaseError):
        writer.propose(Change("annex_6.equipment", -1))
    assert len(journal.read(folder)) == 1


def test_an_altered_proposal_breaks_the_chain(folder: Path) -> None:
    with writing(folder, "李示例") as writer:
        writer.propose(Change("annex_6.equipment", 60))
    path = folder / "journal.jsonl"
    path.write_text(path.read_text("utf-8").replace('"to":60', '"to":61'), "utf-8")
    assert [problem.key for problem in journal.verify(folder)] == ["第 2 行"]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("equipment", "equipment_on_cloud")), st.integers(0, 40)),
        max_size=8,
    ),
    st.data(),
)
def test_whenever_one_looks_the_case_is_what_the_file_says(
    tmp_path_factory: pytest.TempPathFactory,
    edits: list[tuple[str, int]],
    data: st.DataObject,
) -> None:
    folder = create(tmp_path_factory.mktemp("case") / "trial", {}, DEFINITIONS, "测试").folder
    follower = Follower(folder, DEFINITIONS)
    for key, value in edits:
        with writing(folder, "张示例", DEFINITIONS) as writer:
            if data.draw(st.booleans()):
                writer.propose(Change("annex_6.equipment", 7))
            writer.set(f"annex_6.{key}", value + 40 * (key == "equipment"))
        if data.draw(st.booleans()):
            follower.news()
            assert follower.case.data == open_case(folder, DEFINITIONS).data
    follower.news()
    assert follower.case.data == open_case(folder, DEFINITIONS).data


@pytest.mark.slow
def test_writers_in_other_processes_are_seen_whole(folder: Path) -> None:
    script = (
        "import sys; from dxkit.case import writing\n"
        "for n in range(50, 60):\n"
        "    with writing(sys.argv[1], sys.argv[2]) as writer:\n"
        "        writer.set('annex_6.' + sys.argv[3], n)\n"
    )
    keys = ("equipment", "equipment_on_cloud")
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), f"写者{n}", key])
        for n, key in enumerate(keys)
    ]
    follower = Follower(folder, DEFINITIONS)
    seen = list(follower.entries)
    while any(each.poll() is None for each in writers):
        seen += follower.news()
    seen += follower.news()
    assert [entry.n for entry in seen] == list(range(1, 22))
    assert follower.case.data == open_case(folder).data
