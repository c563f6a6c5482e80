"""What travels between a notebook's kernel and its client, and what becomes an output."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxkit.engine import wire
from dxkit.engine.outputs import output_of

posix = pytest.mark.skipif(os.name == "nt", reason="there is no fork on Windows")

FRAMES = st.lists(st.binary(max_size=300), max_size=6)
MESSAGES = st.lists(st.tuples(st.sampled_from(["shell", "iopub"]), FRAMES), max_size=6)


@given(MESSAGES)
def test_messages_arrive_whole_and_in_order_however_they_are_cut(
    messages: list[tuple[str, list[bytes]]],
) -> None:
    whole = b"".join(wire.message(channel, frames) for channel, frames in messages)
    assembly = wire.Assembly()
    heard = [each for packet in _cut(whole, 64) for each in assembly.add(packet)]
    assert heard == [(channel[0], frames) for channel, frames in messages]


@given(MESSAGES, st.integers(0, 20), st.binary(min_size=100, max_size=300))
def test_what_was_given_up_halfway_harms_nothing_that_follows(
    messages: list[tuple[str, list[bytes]]], sent: int, lost: bytes
) -> None:
    whole = b"".join(wire.message(channel, frames) for channel, frames in messages)
    broken = _cut(wire.message("iopub", [lost]), 64)[:-1][:sent]
    assembly = wire.Assembly()
    heard = [each for packet in (*broken, *_cut(whole, 64)) for each in assembly.add(packet)]
    assert heard == [(channel[0], frames) for channel, frames in messages]


def _cut(whole: bytes, size: int) -> list[bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "PACKET", size)
        return list(wire.packets(whole))


TEXT = st.text(max_size=5)
VALUES = st.one_of(TEXT, st.integers(), st.none(), st.dictionaries(TEXT, TEXT, max_size=2))
BUNDLES = st.dictionaries(st.sampled_from(["text/plain", "application/json", "a"]), VALUES)
CONTENT = st.fixed_dictionaries(
    {
        "name": st.one_of(st.sampled_from(["stdout", "stderr"]), st.integers()),
        "text": st.one_of(TEXT, st.lists(TEXT, max_size=2), st.none()),
        "data": BUNDLES,
        "metadata": st.one_of(BUNDLES, st.none()),
        "execution_count": st.one_of(st.integers(-1, 3), st.none(), st.booleans()),
        "ename": TEXT,
        "evalue": TEXT,
        "traceback": st.lists(TEXT, max_size=2),
    }
)


@given(st.sampled_from(["stream", "display_data", "execute_result", "error", "status"]), CONTENT)
def test_an_output_is_what_nbformat_makes_of_the_message(kind: str, content: Any) -> None:
    def made(make: Callable[[Any], Any]) -> Any:
        try:
            return make({"header": {"msg_type": kind}, "content": content})
        except (ValueError, nbformat.ValidationError) as exc:
            return type(exc)

    ours, theirs = made(output_of), made(nbformat.v4.output_from_msg)
    assert ours == theirs
    if isinstance(ours, nbformat.NotebookNode):
        assert list(ours) == list(theirs)
        assert type(ours.get("data")) is type(theirs.get("data"))


@posix
def test_two_senders_on_one_socket_do_not_mix() -> None:
    ours, theirs = wire.pair()
    first = wire.message("iopub", [b"a" * 200_000])
    with ours, theirs:
        head, *rest = wire.packets(first)
        theirs.send(head)
        if (child := os.fork()) == 0:
            for packet in wire.packets(wire.message("iopub", [b"of a child"])):
                theirs.send(packet)
            os._exit(0)
        os.waitpid(child, 0)
        for packet in rest:
            theirs.send(packet)
        theirs.shutdown(socket.SHUT_WR)
        assembly, heard = wire.Assembly(), []
        while packet := ours.recv(2 * wire.PACKET):
            heard += assembly.add(packet)
    assert heard == [("i", [b"of a child"]), ("i", [b"a" * 200_000])]
