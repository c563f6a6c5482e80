"""Calls dxkit as the command line does, the translation of refusals and exit codes included."""

from __future__ import annotations

import pytest

from dxkit.cli import main


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return the exit code, what was printed and what was printed as an error."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err
