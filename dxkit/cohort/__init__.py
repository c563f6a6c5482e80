"""Many enterprises as columns: read once, grouped, rolled up, and compared with the year before."""

from dxkit.cohort.building import row_of, table_of
from dxkit.cohort.change import Change, Changes, Years, changes
from dxkit.cohort.gathering import Gathered, gather
from dxkit.cohort.groups import Group
from dxkit.cohort.rollup import Figure, RollUp, roll_up
from dxkit.cohort.table import Column, Table, joined

__all__ = [
    "Change",
    "Changes",
    "Column",
    "Figure",
    "Gathered",
    "Group",
    "RollUp",
    "Table",
    "Years",
    "changes",
    "gather",
    "joined",
    "roll_up",
    "row_of",
    "table_of",
]
