"""Which named style each class and element of a report has, and what room a cover leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dxkit import paths
from dxkit.errors import ExportError, Problem


@dataclass(frozen=True)
class StyleNames:
    """Word style names by class or element; the gaps above groups of cover lines, in points."""

    paragraphs: dict[str, str]
    elements: dict[str, str]
    cells: dict[str, str]
    cover_gaps: dict[str, float]


def folder() -> Path:
    """Return the folder with everything that decides how a report looks."""
    return paths.templates() / "report"


def style_names() -> StyleNames:
    """Return the mapping of `styles.yaml`.

    Raises:
        ExportError: the file is absent or is not the mapping it should be.
    """
    return _read(folder() / "styles.yaml")


@cache
def _read(path: Path) -> StyleNames:
    import yaml  # noqa: PLC0415 - only needed once

    try:
        return StyleNames(**yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        expected = "含 paragraphs、elements、cells、cover_gaps 四项的样式名称表"
        raise ExportError(Problem(str(path), found=str(error), expected=expected)) from error
