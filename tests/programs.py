"""Outside programs that look at real output, such as a browser or an office program."""

from __future__ import annotations

import os
import shutil

import pytest

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""Names of Chromium. The build without windows goes first: the whole browser loads the suggestion
list of an address bar, which nobody sees, for every page, and takes three times as long over it."""


def find_program(*names: str) -> str:
    """Return the path of the first program there is; without any skip, but fail in CI."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {names[0]}; .ci/run installs it")
    pytest.skip(f"{names[0]} is not installed; this check looks at real output with it")
