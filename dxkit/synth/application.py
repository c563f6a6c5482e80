"""What one invented enterprise writes in its application (annex 3)."""

from __future__ import annotations

from typing import Any

from stdnum.cn import uscc

from dxkit.definitions import Definitions
from dxkit.synth.cohort import Cohort
from dxkit.synth.lists import DATA_YEAR, investments
from dxkit.synth.writing import Rows, Telling

APPLICATION = "annex_3"
_NOWHERE = "159999"  # no administrative division has this code, so no real enterprise has the rest
DISCRETE = ("discrete_mass", "discrete_varied")
RENOWN = 0.6
LEVELS = {"innovative": 0.78, "srdi": 0.86, "little_giant": 1.0}
"""The levels of recognition, and what maturity and renown must reach for them."""
_OWNERSHIP = ("private", "private", "private", "state", "state", "hk_mo_tw", "foreign", "other")


def write_application(telling: Telling, number: int) -> dict[str, Any]:
    """Return one enterprise's application, with the fields that the form has."""
    fields = {field.key for field in telling.definitions.annexes[APPLICATION].fields}
    facts = {**_identity(telling, number), **_standing(telling, number)}
    facts["yearly"] = _yearly(telling, number)
    return {key: value for key, value in facts.items() if key in fields}


def size_class(staff: int, revenue: float, definitions: Definitions) -> str:
    """Return the largest size whose two lower limits are met; revenue in 万元."""
    sizes = definitions.sizes.sizes
    met = (size.code for size in sizes if staff >= size.staff and revenue >= size.revenue)
    return next(met, sizes[-1].code)


def _identity(telling: Telling, number: int) -> dict[str, Any]:
    definitions, cohort = telling.definitions, telling.cohort
    league = definitions.regions.regions[cohort.league[number]]
    trade = telling.traits.trades[cohort.trade[number]]
    return {
        "enterprise_name": f"{league.name}虚构{trade.word}{number + 1:06d}号有限公司",
        "uscc": credit_code(number),
        "reg_address": f"{league.name}示例工业园区{number + 1}号",
        "league": league.code,
        "banner": "示例旗",
        "park": "示例工业园区",
        "ownership": cohort.dice.of_one("ownership", number).choice(_OWNERSHIP),
        "contact_phone": f"138{number + 1:08d}",
    }


def credit_code(number: int) -> str:
    """Return one enterprise's credit code, which no real one has."""
    body = f"91{_NOWHERE}{number + 1:09d}"
    return body + str(uscc.calc_check_digit(body))


def _standing(telling: Telling, number: int) -> dict[str, Any]:
    definitions, cohort = telling.definitions, telling.cohort
    division = definitions.industries.divisions[cohort.division[number]]
    revenue = float(cohort.revenue[number])
    size = size_class(int(cohort.staff[number]), revenue, definitions)
    return {
        "industry_division": division.code,
        "production_type": _production_type(cohort, number, division.production_type),
        "size_class": size,
        "is_above_scale": revenue >= definitions.sizes.above_scale_revenue,
        "srdi_level": _srdi_levels(cohort, number, size),
    }


def _production_type(cohort: Cohort, number: int, usual: str) -> str:
    return usual if usual != "discrete" else DISCRETE[int(cohort.variety[number] * 2)]


def _srdi_levels(cohort: Cohort, number: int, size: str) -> list[str]:
    """Return the levels held: rarer the higher, likelier for the mature, never for large ones."""
    if size == "large":
        return ["none"]
    reach = float(cohort.maturity[number]) + RENOWN * float(cohort.renown[number])
    return [level for level, bar in LEVELS.items() if reach >= bar] or ["none"]


def _yearly(telling: Telling, number: int) -> Rows:
    """Return two years of staff and money (万元); the later one is the cohort's own."""
    staff = int(telling.cohort.staff[number])
    revenue = float(telling.cohort.revenue[number])
    growth = 0.9 + 0.2 * telling.cohort.dice.of_one("growth", number).random()
    spent = {row["year"]: row for row in investments(telling, number)}
    return [
        _year(DATA_YEAR - 1, round(staff * growth) or 1, round(revenue * growth, 1), spent),
        _year(DATA_YEAR, staff, revenue, spent),
    ]


def _year(
    year: int, staff: int, revenue: float, spent: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    own = spent[year]
    parts = ("hardware", "software", "security", "service")
    return {
        "year": year,
        "staff": staff,
        "revenue": revenue,
        "cost": round(revenue * 0.82, 1),
        "digital_invest": round(sum(own[part] for part in parts), 1),
    }
