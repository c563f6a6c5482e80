"""All charts of a report, drawn from plain values; they know no indicator and no notebook.

Every function takes what it draws and returns a `Chart`. Nothing here loads matplotlib before the
first chart is drawn.
"""

from dxkit.charts.amounts import Series, trend
from dxkit.charts.architecture import Layer, architecture
from dxkit.charts.chart import Chart, ChartError, Gap, Reading
from dxkit.charts.counts import Count, distribution
from dxkit.charts.coverage import Covered, coverage
from dxkit.charts.crossings import Cell, Cover, Terms, matrix
from dxkit.charts.events import Event, timeline
from dxkit.charts.flow import Step, flow
from dxkit.charts.heat import Heat, heat_map
from dxkit.charts.organisation import Unit, organisation
from dxkit.charts.pairs import Pair, paired_bars
from dxkit.charts.picture import TEXT_WIDTH, WIDE
from dxkit.charts.ranked import Line, Ranked, ranked_bars
from dxkit.charts.ratios import Benchmark, Ratio, ratio_bars
from dxkit.charts.schedule import Project, roadmap
from dxkit.charts.scores import Point, quadrant
from dxkit.charts.spread import Spread, spreads
from dxkit.charts.steps import Level, levels
from dxkit.charts.tiles import Band, Tile, panorama
from dxkit.charts.waterfall import Cause, Stand, waterfall

__all__ = [
    "TEXT_WIDTH",
    "WIDE",
    "Band",
    "Benchmark",
    "Cause",
    "Cell",
    "Chart",
    "ChartError",
    "Count",
    "Cover",
    "Covered",
    "Event",
    "Gap",
    "Heat",
    "Layer",
    "Level",
    "Line",
    "Pair",
    "Point",
    "Project",
    "Ranked",
    "Ratio",
    "Reading",
    "Series",
    "Spread",
    "Stand",
    "Step",
    "Terms",
    "Tile",
    "Unit",
    "architecture",
    "coverage",
    "distribution",
    "flow",
    "heat_map",
    "levels",
    "matrix",
    "organisation",
    "paired_bars",
    "panorama",
    "quadrant",
    "ranked_bars",
    "ratio_bars",
    "roadmap",
    "spreads",
    "timeline",
    "trend",
    "waterfall",
]
