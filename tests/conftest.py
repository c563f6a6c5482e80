"""Fixtures that many tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

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
def program() -> Callable[[str], str]:
    """Return the path of an outside program; skip without it, except in CI, where it must exist."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path:
            return path
        if os.environ.get("CI"):
            pytest.fail(f"CI must have {name}; .ci/run installs it")
        pytest.skip(f"{name} is not installed; this check looks at real output with it")

    return find
