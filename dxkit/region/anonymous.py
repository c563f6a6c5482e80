"""The benchmark pack of a region: which rows and groups go into it, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dxkit.cohort import Table
from dxkit.cohort.groups import dimension, groups_of
from dxkit.cohort.table import NO_YEAR, NOT_TOLD, by_id
from dxkit.definitions import Definitions
from dxkit.errors import Problem, ProtectionError
from dxkit.models.peers import PeerPack
from dxkit.protection import (
    Answers,
    Key,
    Labels,
    Publication,
    Release,
    Rules,
    one_at_a_time,
    publish,
    read_register,
    record,
)
from dxkit.protection.groups import Booleans
from dxkit.protection.packs import sealed
from dxkit.protection.withholding import Asked, choose
from dxkit.region.view import Region

FEWEST, WIDEST = 3, 50
"""The fewest enterprises a figure can be told of, and the most points a rate can remain open by."""
NOTE = (
    "各组数值是有答案的企业的简单平均（是/否类为答“是”的企业所占比例），每家权重相同，不按设备数或产值加权；"
    "base 是有答案的家数。家数不足、或者列出后可能推算出某家企业答案的数值一律不列，"
    "没有列出不表示好坏。不含企业名称、代码和任何少于规定家数的合计。"
)


Done = Callable[[], object]


def make_pack(region: Region, register: Path, done: Done = lambda: None) -> PeerPack:
    """Return the benchmark pack of a year and note in the register what it tells.

    The same answers give the same pack, and are noted once.

    Args:
        region: the enterprises of a year.
        register: the folder of what was told before.
        done: called after every indicator.

    Raises:
        ProtectionError: if the register cannot be read or another pack is being made, the year is
            not known, or nothing can be told without telling of one enterprise.
    """
    if region.year == NO_YEAR:
        raise ProtectionError(Problem("对照包", "年度", "案卷没有填写年度", "填写了年度的案卷"))
    with one_at_a_time(register):
        return _recorded(region, register, done)


def _recorded(region: Region, register: Path, done: Done) -> PeerPack:
    enterprises, answers = _columns(region)
    names = _codes_by_id(region.table)
    releases = [each.renamed(names) for each in read_register(register)]
    for place, each in enumerate(releases):
        if each.enterprises == enterprises and each.answers == _known(enterprises, answers):
            again, _ = _made(region, enterprises, answers, releases[:place])
            if again.sha256 == each.sha256:
                return again
    pack, publication = _made(region, enterprises, answers, releases, done)
    release = publication.release(pack.sha256, enterprises, answers)
    record(register, f"{len(releases) + 1:04d}-{region.year}-{pack.sha256[:12]}", release)
    return pack


def rules_of(definitions: Definitions) -> Rules:
    """Return how well hidden an answer must be, as the policies say.

    Raises:
        ProtectionError: if they ask for what hides nobody, or for what nothing can fulfil.
    """
    least, step = (float(definitions.policies[key].value) for key in ("peers_min", "peers_step"))
    problems = []
    if least < FEWEST or least % 1:
        problems.append(
            Problem("policies.yaml", "peers_min", f"{least:g}", f"不小于 {FEWEST} 的整数")
        )
    if not 0 < step <= WIDEST:
        problems.append(
            Problem("policies.yaml", "peers_step", f"{step:g}", f"大于 0，至多 {WIDEST}")
        )
    if problems:
        raise ProtectionError(problems)
    return Rules(int(least), step / 100)


def _codes_by_id(table: Table) -> dict[str, str]:
    """Return by what a row without a credit code was named the code that its case has now."""
    return {by_id(one): key for one, key in zip(table.ids, table.keys, strict=True) if key}


def _columns(region: Region) -> tuple[dict[str, Labels], dict[str, Answers]]:
    """Return the enterprises assessed, by what tells each from all others, and their answers."""
    table = region.table.take(region.table.assessed)
    table = table.take(np.argsort(table.named.astype(str), kind="stable"))
    dimensions = sorted({name for names in region.definitions.regional.anonymous for name in names})
    labels = {name: _labels(table, name, region.definitions) for name in dimensions}
    enterprises: dict[str, Labels] = {
        key: {name: column[place] for name, column in labels.items()}
        for place, key in enumerate(table.named)
    }
    answers = {
        each.id: Answers(table.columns[each.id].value.astype(float), each.kind == "ratio")
        for each in region.definitions.indicators
    }
    return enterprises, answers


def _labels(table: Table, name: str, definitions: Definitions) -> list[tuple[str, ...]]:
    known = groups_of(dimension(name, definitions), definitions)
    return [() if each == NOT_TOLD else (known[each].code,) for each in table.places[name]]


def _known(
    enterprises: Mapping[str, Labels], answers: Mapping[str, Answers]
) -> dict[str, dict[str, float]]:
    return {name: column.known(list(enterprises)) for name, column in answers.items()}


def _made(
    region: Region,
    enterprises: Mapping[str, Labels],
    answers: Mapping[str, Answers],
    earlier: list[Release],
    done: Done = lambda: None,
) -> tuple[PeerPack, Publication]:
    definitions, rules = region.definitions, rules_of(region.definitions)

    def chosen(asked: Asked, rules: Rules) -> Booleans:
        told = choose(asked, rules)
        done()
        return told

    tables = definitions.regional.anonymous
    publication = publish(enterprises, answers, tables, rules, earlier, chosen)
    if not any(publication.figures.values()):
        alone = publish(enterprises, answers, tables, rules) if earlier else publication
        stands_against = len(earlier) if any(alone.figures.values()) else 0
        raise ProtectionError(_refusal(len(enterprises), rules, stands_against))
    places = {key: place for place, key in enumerate(publication.groups)}
    content: dict[str, Any] = {
        "region": definitions.regions.name,
        "region_code": definitions.regions.code,
        "year": region.year,
        "edition": definitions.edition,
        "definitions": definitions.digest,
        "enterprises": len(enterprises),
        "note": NOTE,
        "protection": {
            "least": rules.least,
            "insiders": rules.insiders,
            "step": rules.step,
            "earlier_releases": len(earlier),
            "groups_too_small": publication.groups_too_small,
            "figures_withheld": publication.figures_withheld,
        },
        "groups": [
            {"by": dict(key), "name": _name(key, definitions), "enterprises": count}
            for key, count in publication.groups.items()
        ],
        "indicators": {
            each.id: {
                "name": each.name,
                "kind": "ratio" if each.kind == "ratio" else "yes_no",
                "figures": [
                    {"group": places[key], "base": figure.base, "value": figure.value}
                    for key, figure in publication.figures[each.id].items()
                ],
            }
            for each in definitions.indicators
        },
    }
    return sealed(content), publication


def _name(key: Key, definitions: Definitions) -> str:
    names = (
        next(
            group.name
            for group in groups_of(dimension(name, definitions), definitions)
            if group.code == code
        )
        for name, code in key
    )
    return "·".join(names) or definitions.regions.name


def _refusal(count: int, rules: Rules, earlier: int) -> Problem:
    """Say why nothing can be told; `earlier` is how many releases stand against it, 0 if none."""
    if earlier:
        found = (
            f"此前已发布 {earlier} 次，{count} 家已评估的企业中，"
            "没有一项数值再列出后仍能保证与此前的相减推算不出单家企业的答案"
        )
        expected = "案卷大多没有变化时，继续使用上一次的对照包；已评估的企业有较多增加后再生成"
        return Problem("对照包", "", found, expected)
    found = f"{count} 家已评估的企业中，没有一项数值列出后仍能保证推算不出单家企业的答案"
    expected = f"更多已评估的企业（每组至少 {rules.least} 家，答案不全相同）"
    return Problem("对照包", "", found, expected)
