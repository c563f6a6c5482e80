"""The pace at which a page may talk: never slowed at work, never faster than allowed for long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxkit.apps.pace import AT_ONCE, BYTES, MESSAGES, Pace


def test_a_person_and_a_whole_upload_never_wait() -> None:
    typing, upload = Pace(), Pace()
    assert {typing.wait(500, now=second / 10) for second in range(1000)} == {0.0}
    assert {upload.wait(2**20, now=0.0) for _ in range(60)} == {0.0}


def test_an_endless_talker_is_heard_at_the_pace_that_is_allowed() -> None:
    pace, now, heard = Pace(), 0.0, 0
    while now < 60:
        heard += 1
        now += pace.wait(100, now)
    assert heard == pytest.approx((60 + AT_ONCE) * MESSAGES, rel=0.01)


@given(st.lists(st.integers(0, 4 * 2**20), min_size=1, max_size=300))
def test_however_it_is_cut_no_more_bytes_come_through_than_are_allowed(sizes: list[int]) -> None:
    pace, now = Pace(), 0.0
    for size in sizes:
        now += pace.wait(size, now)
    assert sum(sizes) <= (now + AT_ONCE) * BYTES
