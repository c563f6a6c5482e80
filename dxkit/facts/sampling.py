"""Whether enough of the equipment list was looked at, and whether what was looked at agreed."""

from __future__ import annotations

from math import ceil

from dxkit.facts.view import Culprits, Row, View, named

CHECK_ALL_TO = 30
LEAST, MOST, SHARE = 10, 50, 0.10
ERRORS_ALLOWED = 0.10
_TELLING = 2


def rows_wanted(rows: int) -> int:
    """Return how many rows of an equipment list are to be looked at.

    Up to 30 all are; beyond that a tenth, at least 10 and at most 50.
    """
    return rows if rows <= CHECK_ALL_TO else min(max(LEAST, ceil(rows * SHARE)), MOST)


def sampling_gaps(view: View) -> Culprits:
    """Name what the sample of the equipment list lacks; None while there is no list."""
    rows = view.begun_rows("annex_6", "equipment_list")
    if not rows:
        return None
    sampled = [row for row in rows if row.get("sampled") is True]
    wanted = rows_wanted(len(rows))
    gaps = [f"{len(rows)}行中抽查了{len(sampled)}行，应不少于{wanted}行"]
    unjudged = [named(row, "name", "model") for row in sampled if row.get("sample_ok") is None]
    gaps = gaps if len(sampled) < wanted else []
    return (*gaps, *(f"抽查结果未填：{name}" for name in unjudged))


def categories_to_recount(view: View) -> Culprits:
    """Name the categories in whose sample more than a tenth of the rows did not agree."""
    rows = view.begun_rows("annex_6", "equipment_list")
    if not rows:
        return None
    label_of = view.field("annex_6", "equipment_list", "cat").label_of
    kinds = list(dict.fromkeys(row["cat"] for row in rows if row.get("cat")))
    return tuple(
        f"{label_of(kind)}（抽查{len(judged)}行，不符{wrong}行）"
        for kind in kinds
        if (judged := _judged(rows, kind))
        and (wrong := sum(row["sample_ok"] is False for row in judged))
        > ERRORS_ALLOWED * len(judged)
    )


def _judged(rows: list[Row], kind: str) -> list[Row]:
    sampled = (row for row in rows if row.get("cat") == kind and row.get("sampled") is True)
    return [row for row in sampled if row.get("sample_ok") is not None]


def lines_not_walked(view: View) -> Culprits:
    """Name the lines of the key processes that no walk on site seems to have been to.

    People write 熔炼厂 for the 熔炼系统: the first two characters of a line's name are enough.
    """
    rows = view.begun_rows("annex_6", "key_process_list")
    told = (str(row["line"]).split("、") for row in rows if row.get("line"))
    lines = list(dict.fromkeys(line.strip() for names in told for line in names if line.strip()))
    walks = view.rows("annex_6", "site_walks")
    walked = " ".join(f"{row.get('area') or ''} {row.get('seen') or ''}" for row in walks)
    return tuple(line for line in lines if line[:_TELLING] not in walked) if lines else None
