"""What stands on what: layers of equipment, networks and systems, and how they are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.arrows import double_arrow, line
from dxkit.charts.chart import Chart, finish, require
from dxkit.charts.legend import legend, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture

_NAME = 2.6
_PADDING = 0.18
_MARGIN = 0.03
_CHIP_GAP = 0.14
_CHIP_PADDING = 0.12
_ARROW = 0.75
_WALL = 0.17
# Items longer than this are sentences and are set as text.
_ITEM = 14
_LEAST = 1.0


@dataclass(frozen=True)
class Layer:
    """One layer; `link` and `protection` say how its upper border is crossed and guarded."""

    name: str
    contents: str
    link: str = ""
    protection: str = ""


@dataclass(frozen=True)
class _Band:
    """What a layer holds, set from (0, 0) on, and how high it is."""

    marks: tuple[Box | Label, ...]
    height: float


def architecture(layers: Sequence[Layer], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the layers, given from the lowest to the highest, one upon another.

    Raises:
        ChartError: there is no layer.
    """
    return finish(compose(layers, width_cm), _alt(layers))
