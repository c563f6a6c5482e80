"""Protection by hand: what is told of few enterprises, of groups all alike and of remainders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxkit.errors import ProtectionError
from dxkit.protection import (
    Answers,
    Key,
    Labels,
    Release,
    Rules,
    groups_of,
    one_at_a_time,
    publish,
    read_register,
    record,
)
from dxkit.protection.packs import name_of, read_pack, sealed, to_bytes, write_pack
from dxkit.protection.witnesses import Sums, exposed
from tests.invented_region import RULES, draw, release

LEAGUES = ((), ("league",))
THREE = Rules(least=3, step=0.1)


def leagues(**sizes: int) -> dict[str, Labels]:
    return {
        f"{league}{each}": {"league": (league,)}
        for league, size in sizes.items()
        for each in range(size)
    }


def told(lists: dict[str, Labels], *values: float, rate: bool = False) -> dict[Key, object]:
    answers = {"x": Answers(np.array(values, float), rate)}
    figures = publish(lists, answers, LEAGUES, THREE).figures["x"]
    return {key: (figure.base, figure.value) for key, figure in figures.items()}


A, B = (("league", "a"),), (("league", "b"),)


def test_mixed_groups_are_told_with_base_and_mean() -> None:
    """Four of eight, two of four twice: each has a double of the other answer, twice over."""
    assert told(leagues(a=4, b=4), 1, 1, 0, 0, 1, 1, 0, 0) == {
        (): (8, 0.5),
        A: (4, 0.5),
        B: (4, 0.5),
    }


def test_unknown_answers_count_in_no_base() -> None:
    lists = leagues(a=5, b=4)
    assert told(lists, 1, 1, 0, 0, np.nan, 1, 1, 0, 0)[A] == (4, 0.5)


def test_a_group_all_alike_is_not_told_nor_what_it_is_the_rest_of() -> None:
    """League b all says yes: told of a and of the total, b would follow."""
    assert told(leagues(a=4, b=4), 1, 1, 0, 0, 1, 1, 1, 1) in ({(): (8, 0.75)}, {})


def test_a_group_of_two_takes_one_more_with_it() -> None:
    """Of a (4), b (5), c (2): c is too small, and is the rest of the others; a goes too."""
    values = (1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0)
    assert set(told(leagues(a=4, b=5, c=2), *values)) == {(), B}


def test_rates_need_room_and_not_difference() -> None:
    """All rates alike are told, since each could be ten points off; a single one is not."""
    assert told(leagues(a=4), *[0.5] * 4, rate=True) == {(): (4, 0.5), A: (4, 0.5)}
    assert told(leagues(a=2), 0.5, 0.5, rate=True) == {}


def test_one_that_stands_out_among_zeros_is_told_of_only_if_it_stays_open() -> None:
    """0.9 beside zeros: only it can fall, the others only rise; the zeros lack second witnesses."""
    assert told(leagues(a=4), 0.9, 0, 0, 0, rate=True) == {}


@pytest.mark.parametrize("insiders", [1, 2])
def test_witnesses_share_nobody(insiders: int) -> None:
    """Three yes, two no: a yes has two doubles, a no three. Two are enough for one insider."""
    yes = np.array([1, 1, 1, 0, 0], bool)
    sums = Sums(np.ones((5, 1), bool), can_rise=~yes, can_fall=yes)
    assert list(exposed(sums, insiders)) == ([] if insiders == 1 else [0, 1, 2])


def test_a_square_of_four_hides_each_in_crossed_tables() -> None:
    """Two leagues by two trades, one each: swapped in a square the margins stay."""
    counts = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], bool)
    square = np.array([1, 0, 0, 1], bool)
    assert not len(exposed(Sums(counts, ~square, square), 0))
    row = np.array([1, 1, 0, 0], bool)
    assert len(exposed(Sums(counts, ~row, row), 0)) == 4


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_witness_changes_what_is_told(data: st.DataObject) -> None:
    """Whoever counts as hidden is: some other answers of all give the same sums, tried by hand."""
    size = data.draw(st.integers(4, 9))
    bits = st.lists(st.booleans(), min_size=size, max_size=size)
    counts = np.array([data.draw(bits) for _ in range(data.draw(st.integers(1, 3)))], bool).T
    yes = np.array(data.draw(bits), bool)
    found = set(exposed(Sums(counts, ~yes, yes), 0).tolist())
    every = np.array([[number >> bit & 1 for bit in range(size)] for number in range(2**size)])
    same = every[(every @ counts == yes.astype(int) @ counts).all(axis=1)]
    for place in range(size):
        if counts[place].any() and place not in found:
            assert set(same[:, place]) == {0, 1}


def test_an_enterprise_of_several_types_counts_once_in_each() -> None:
    groups = groups_of(
        [{"type": ("above", "srdi")}, {"type": ("above",)}, {"type": ()}], [(), ("type",)]
    )
    assert dict(zip(groups.keys, groups.sizes.tolist(), strict=True)) == {
        (): 3,
        (("type", "above"),): 2,
        (("type", "srdi"),): 1,
    }


def test_a_register_gives_back_what_was_told(tmp_path: Path) -> None:
    region = draw(1, 30)
    publication = publish(region.lists, region.answers, LEAGUES, RULES)
    told_of = publication.release("f" * 64, region.lists, region.answers)
    record(tmp_path / "releases", "0001", told_of)
    assert read_register(tmp_path / "releases") == [told_of]
    assert read_register(tmp_path / "none") == []
    _, counts = told_of.columns("evenly")
    assert counts.sum(axis=0).tolist() == [
        each.base for each in publication.figures["evenly"].values()
    ]


def test_two_releases_are_never_made_at_once(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path / "releases"):
        with pytest.raises(ProtectionError, match="正在生成"), one_at_a_time(tmp_path / "releases"):
            raise AssertionError
        with one_at_a_time(tmp_path / "others"):
            pass
    with one_at_a_time(tmp_path / "releases"):
        assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b"\xff\xfe", b'{"sha256": 1}'])
def test_without_a_readable_register_nothing_may_be_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "0001.json").write_bytes(content)
    with pytest.raises(ProtectionError, match=r"[一-龥]"):
        read_register(tmp_path)


def test_a_pack_is_read_as_it_was_written_and_names_nobody(tmp_path: Path) -> None:
    region = draw(2, 80)
    pack = release(region)
    file = tmp_path / name_of(pack)
    write_pack(file, to_bytes(pack))
    assert read_pack(file) == pack
    text = file.read_text("utf-8")
    assert not any(each in text for each in region.lists)
    write_pack(file, to_bytes(pack))
    with pytest.raises(ProtectionError, match="另一个文件"):
        write_pack(file, b"{}")


def _changed(content: dict, *path: str | int, value: object) -> dict:
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return content


HOSTILE = [
    lambda pack: _changed(pack, "enterprises", value=3000),
    lambda pack: _changed(pack, "note", value="<script>alert(1)</script>"),
    lambda pack: _changed(pack, "groups", 0, "name", value="别处"),
    lambda pack: _changed(pack, "indicators", "evenly", "figures", 0, "value", value=7.0),
    lambda pack: _changed(pack, "indicators", "evenly", "figures", 0, "group", value=999),
    lambda pack: _changed(pack, "indicators", "evenly", "figures", 0, "base", value=1),
    lambda pack: _changed(pack, "extra", value=1),
    lambda pack: _changed(pack, "kind", value="other"),
    lambda pack: _changed(pack, "year", value="2026"),
]


@pytest.mark.parametrize("change", HOSTILE)
def test_a_changed_or_foreign_pack_is_refused_in_chinese(tmp_path: Path, change: object) -> None:
    content = release(draw(2, 80)).model_dump(mode="json")
    file = tmp_path / "pack.json"
    file.write_text(json.dumps(change(content)), "utf-8")
    with pytest.raises(ProtectionError, match=r"[一-龥]"):
        read_pack(file)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff", b"null", b'{"a": NaN}'])
def test_what_is_no_pack_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pack.json"
    file.write_bytes(content)
    with pytest.raises(ProtectionError, match=r"[一-龥]"):
        read_pack(file)


def test_a_forged_pack_of_the_right_checksum_is_only_words_and_figures() -> None:
    """Whoever makes a pack of his own can say what he likes, but cannot make it run."""
    pack = release(draw(2, 80))
    content = pack.model_dump(mode="json", exclude={"kind", "format", "sha256"})
    assert sealed({**content, "note": "<script>alert(1)</script>"}).is_whole


def test_a_release_keeps_no_more_than_it_needs() -> None:
    assert set(Release.model_fields) == {"sha256", "enterprises", "answers", "told"}
