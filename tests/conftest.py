"""Fixtures that many tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest


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
