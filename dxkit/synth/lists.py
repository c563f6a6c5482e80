"""The rows of one enterprise's lists, which always add up to the counts it answers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from dxkit.definitions import QUESTIONS
from dxkit.models.annex import Field
from dxkit.synth.traits import Trade
from dxkit.synth.writing import Rows, Telling

DATA_YEAR = 2025
_MOST_ROWS = 60
_MANUAL = "manual"
_NC_HOST = {"name": "PLC 上位监控系统", "sw_class": "plc_host", "segments": ["production"]}


@dataclass(frozen=True)
class Author:
    """What the rows of one enterprise are written from."""

    telling: Telling
    number: int
    trade: Trade
    chance: Random

    def counts(self, *keys: str) -> list[int] | None:
        """Return what the enterprise answers to some counts, None if one of them is open."""
        values = [self.telling.true_value(key, self.number) for key in keys]
        return None if None in values else values


def write_lists(telling: Telling, number: int) -> dict[str, Rows]:
    """Return the tables that one enterprise has filled, by key, with the columns they have."""
    trade = telling.traits.trades[telling.cohort.trade[number]]
    author = Author(telling, number, trade, telling.cohort.dice.of_one("lists", number))
    tables = {field.key: field for field in telling.definitions.annexes[QUESTIONS].fields}
    written = {"investment": investments(telling, number)}
    if telling.cohort.has_lists[number]:
        written["key_process_list"] = _key_processes(author)
        written["equipment_list"] = _equipment(author)
        written["software_list"] = _software(author)
    return {
        key: _fitting(rows, tables[key])
        for key, rows in written.items()
        if rows and key in tables and telling.cohort.missing[number] < 0.5
    }


def investments(telling: Telling, number: int) -> Rows:
    """Return what three years cost one enterprise, in 万元."""
    chance = telling.cohort.dice.of_one("investment", number)
    share = 0.001 + 0.008 * max(0.0, float(telling.cohort.maturity[number]))
    yearly = float(telling.cohort.revenue[number]) * share
    parts = {"hardware": 0.45, "software": 0.3, "security": 0.08, "service": 0.17}
    return [
        {
            "year": year,
            **{
                key: round(yearly * part * chance.uniform(0.5, 1.5), 1)
                for key, part in parts.items()
            },
        }
        for year in range(DATA_YEAR - 2, DATA_YEAR + 1)
    ]


def _fitting(rows: Rows, table: Field) -> Rows:
    """Keep only the columns that the form has."""
    columns = {column.key for column in table.columns}
    return [{key: value for key, value in row.items() if key in columns} for row in rows]


def _key_processes(author: Author) -> Rows:
    counts = author.counts("key_processes", "key_processes_nc")
    if counts is None or counts[0] > _MOST_ROWS:
        return []
    total, controlled = counts
    return [_key_process(author, row, _falls_on(row, controlled, total)) for row in range(total)]


def _falls_on(row: int, part: int, whole: int) -> bool:
    """Spread a part evenly over a whole: true for exactly `part` of `whole` rows."""
    return row * part // whole != (row + 1) * part // whole


def _key_process(author: Author, row: int, controlled: bool) -> dict[str, Any]:
    names = author.trade.processes
    place = row % len(names)
    workshops = author.trade.workshops
    return {
        "site": "主厂区",
        "workshop": workshops[place * len(workshops) // len(names)],
        "line": f"{row // len(names) + 1}号线",
        "process_name": names[place],
        "is_key": True,
        "key_basis": [author.chance.choice(["quality", "capacity", "safety", "energy_cost"])],
        "control_mode": author.chance.choice(author.trade.controls) if controlled else _MANUAL,
        "nc": controlled,
        "methods": ["site_walk"],
    }


def _equipment(author: Author) -> Rows:
    counts = author.counts(
        "equipment",
        "equipment_digital",
        "equipment_networked",
        "equipment_digital_networked",
        "industrial_equipment",
        "equipment_on_cloud",
    )
    if counts is None:
        return []
    total, digital, networked, both, industrial, cloud = counts
    spare = industrial - total
    cloud_spare = min(max(cloud - both, 0), spare)
    production = {
        "quantity_digital": digital,
        "quantity_networked": networked,
        "quantity_digital_networked": both,
        "quantity_on_cloud": cloud - cloud_spare,
    }
    auxiliary = dict.fromkeys(production, cloud_spare)
    return [
        *_machines(author, "production", author.trade.equipment, total, production),
        *_machines(author, "auxiliary", author.telling.traits.auxiliary, spare, auxiliary),
    ]


def _machines(
    author: Author, cat: str, names: tuple[str, ...], total: int, firsts: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Line the machines up, the best equipped first, and cut the line into one row per name."""
    cuts = (
        sorted(author.chance.sample(range(1, total), min(len(names), total) - 1)) if total else []
    )
    for name, (start, end) in zip(names, pairwise([0, *cuts, total]), strict=False):
        if start < end:
            row = {key: min(max(first - start, 0), end - start) for key, first in firsts.items()}
            year = DATA_YEAR - author.chance.randrange(16)
            yield {"cat": cat, "name": name, "quantity": end - start, **row, "year": year}


def _software(author: Author) -> Rows:
    values = {
        code: author.telling.true_value(f"software_basket.{code}", author.number)
        for code in author.telling.traits.software
    }
    used = [
        author.telling.traits.software[code] for code, each in values.items() if each == "in_use"
    ]
    rows = [{**each.model_dump(), "segments": list(each.segments)} for each in used]
    controlled = author.counts("key_processes_nc")
    if controlled and controlled[0] > 0:
        rows.append(_NC_HOST)
    return [_system(author, row) for row in rows]


def _system(author: Author, row: Mapping[str, Any]) -> dict[str, Any]:
    chance = author.chance
    return {
        **row,
        "build": chance.choice(["purchased", "purchased", "own", "group", "saas"]),
        "deploy": chance.choice(["local", "local", "private_cloud", "public_cloud"]),
        "online_on": f"{chance.randint(2012, DATA_YEAR)}-{chance.randint(1, 12):02d}-15",
        "status": "in_use",
        "demonstrated": chance.random() < 0.8,
    }
