"""All charts of a report, drawn from plain values; they know no indicator and no notebook.

Every function takes what it draws and returns a `Chart`. Nothing here loads matplotlib before the
first chart is drawn.
"""

from dxkit.charts.amounts import Series, trend
from dxkit.charts.architecture import Layer, architecture
from dxkit.charts.chart import Chart, ChartError, Gap, Reading
from dxkit.charts.counts import Count, distribution
from dxkit.charts.crossings import Cell, Cover, Terms, matrix
from dxkit.charts.events import Event, timeline
from dxkit.charts.flow import Step, flow
from dxkit.charts.organisation import Unit, organisation
from dxkit.charts.pairs import Pair, paired_bars
from dxkit.charts.picture import TEXT_WIDTH, WIDE
from dxkit.charts.ratios import Benchmark, Ratio, ratio_bars
from dxkit.charts.schedule import Project, roadmap
from dxkit.charts.scores import Point, quadrant
from dxkit.charts.steps import Level, levels
from dxkit.charts.tiles import Band, Tile, panorama

__all__ = [
    "TEXT_WIDTH",
    "WIDE",
    "Band",
    "Benchmark",
    "Cell",
    "Chart",
    "ChartError",
    "Count",
    "Cover",
    "Event",
    "Gap",
    "Layer",
    "Level",
    "Pair",
    "Point",
    "Project",
    "Ratio",
    "Reading",
    "Series",
    "Step",
    "Terms",
    "Tile",
    "Unit",
    "architecture",
    "distribution",
    "flow",
    "levels",
    "matrix",
    "organisation",
    "paired_bars",
    "panorama",
    "quadrant",
    "ratio_bars",
    "roadmap",
    "timeline",
    "trend",
]
