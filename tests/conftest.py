"""Fixtures that many tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.programs import find_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes."""
    items.sort(key=lambda item: item.get_closest_marker("minutes") is None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one real Chromium to all tests of a file."""
    from tests.browser.harness import chromium  # noqa: PLC0415 - few tests need it

    with chromium() as started:
        yield started


@pytest.fixture
def program() -> Callable[..., str]:
    """Give what finds an outside program."""
    return find_program
