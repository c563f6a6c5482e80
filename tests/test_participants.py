"""The list of participants: links that hold, are told from all others, and survive everything."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxkit.apps.addresses import is_local
from dxkit.apps.participants import MOST, Participants
from dxkit.errors import ParameterError


@pytest.fixture
def people(tmp_path: Path) -> Participants:
    return Participants(tmp_path)


def test_a_link_is_its_persons_and_no_part_of_it_is(people: Participants) -> None:
    leader = people.leader("甲")
    guest = people.invite("乙  丙", "reader", ["a"])
    assert people.holder(guest.token) == guest
    assert people.holder(leader.token) == leader
    assert guest.name == "乙 丙"
    for near in ("", guest.token[:-1], guest.token + "=", guest.token.swapcase(), "\udc80"):
        assert people.holder(near) is None


@given(st.text())
def test_no_guess_lets_in_and_none_breaks(guess: str) -> None:
    assert _shared().holder(guess) is None


_KEPT: list[Participants] = []


def _shared() -> Participants:
    if not _KEPT:
        _KEPT.append(Participants(Path(tempfile.mkdtemp())))
        _KEPT[0].leader("甲")
    return _KEPT[0]


@pytest.mark.parametrize("sign", ["\x00", "\n\x1b[31m", "\u202e", "\u200b", "\ud83d", "\uffff"])
def test_a_name_shows_all_it_consists_of(people: Participants, sign: str) -> None:
    with pytest.raises(ParameterError, match="看不见"):
        people.invite(f"乙{sign}丙", "reader", None)
    assert people.all() == ()


def test_a_folder_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Participants(tmp_path)
    assert tmp_path.stat().st_mode & 0o077 == 0


def test_who_may_open_what(people: Participants) -> None:
    some, every = people.invite("乙", "member", ["a"]), people.invite("丙", "member", None)
    assert (some.may_open("a"), some.may_open("b")) == (True, False)
    assert every.may_open("anything")
    assert not every.invites
    assert people.leader("甲").invites
    assert not people.invite("丁", "leader", ["a"]).invites


def test_the_same_leader_and_links_after_a_restart(people: Participants) -> None:
    leader, guest = people.leader("甲"), people.invite("乙", "reader", ["a"])
    again = Participants(people.path.parent)
    assert (again.secret, again.cookie) == (people.secret, people.cookie)
    assert again.leader("别人") == leader
    assert again.holder(guest.token) == guest


def test_a_withdrawn_link_holds_nowhere_and_stays_on_record(people: Participants) -> None:
    other = Participants(people.path.parent)
    people.leader("甲")
    guest = people.invite("乙", "reader", None)
    assert other.holder(guest.token) == guest
    people.revoke(guest.id)
    for each in (people, other):
        assert each.holder(guest.token) is None
        assert each.of(guest.id) is None
    kept = json.loads(people.path.read_text(encoding="utf-8"))["participants"]
    assert [each["name"] for each in kept if each["revoked"]] == ["乙"]


def test_somebody_always_leads(people: Participants) -> None:
    leader = people.leader("甲")
    people.invite("乙", "leader", ["a"])
    with pytest.raises(ParameterError, match="组长"):
        people.revoke(leader.id)
    second = people.invite("丙", "leader", None)
    people.revoke(leader.id)
    assert people.leader("丁") == second
    with pytest.raises(ParameterError, match="没有这个人"):
        people.revoke("nobody")


def test_invitations_at_once_are_all_kept(people: Participants) -> None:
    lists = [Participants(people.path.parent) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda own=own, n=n: own.invite(f"人{n}", "reader", None))
        for n, own in enumerate(lists * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.name for each in people.all()} == {f"人{n}" for n in range(12)}


def test_there_is_a_most(people: Participants) -> None:
    raw = json.loads(people.path.read_text(encoding="utf-8"))
    guest = people.invite("乙", "reader", None)
    raw["participants"] = [
        {**vars(guest), "cases": None, "id": str(n), "token": str(n)} for n in range(MOST)
    ]
    people.path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(ParameterError, match=str(MOST)):
        people.invite("丙", "reader", None)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"secret": "x", "mark": "y"}', "\x00"])
def test_a_damaged_list_is_said_and_not_replaced(people: Participants, text: str) -> None:
    people.path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="已损坏"):
        Participants(people.path.parent)
    assert people.path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:8866", True),
        ("localhost", True),
        ("[::1]:8866", True),
        ("192.168.1.5:8866", False),
        ("diagnosis.example.cn", False),
        ("127.0.0.1.example.cn", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local
