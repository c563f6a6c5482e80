"""The trainings: which count as training on a digital topic, and which departments took part."""

from __future__ import annotations

from dxkit.facts.meetings import attendees_of, meetings_of, past_meetings_of, signed_in
from dxkit.facts.view import Culprits, Row, View, named

COLUMNS = {"topic": "培训主题", "held_on": "培训日期", "trainer": "讲师"}


def digital_trainings(view: View) -> int:
    """Count the trainings on a digital topic that are put down as counting for clause 5.3."""
    return len(_counting(view))


def separate_topic_trainings(view: View) -> int:
    """Count those among them that were held apart from the promotion meeting (宣贯培训会).

    Such a training must have a registered meeting of its own and a whole record of its own.
    """
    promoting = {row.get("meeting_no") for row in meetings_of(view, "training")}
    return sum(
        row.get("meeting_no") not in promoting and not _gaps(view, row) for row in _counting(view)
    )


def training_record_gaps(view: View) -> Culprits:
    """Name what no training that counts has complete; None if there is none."""
    gaps = [_gaps(view, row) for row in _counting(view)]
    if not gaps:
        return None
    return () if [] in gaps else tuple(gap for each in gaps for gap in each)


def departments_not_trained(view: View) -> Culprits:
    """Name the departments interviewed that sent nobody; and if only one sent anybody, that."""
    if not (held := past_meetings_of(view, "training")):
        return None
    sheets = [row for meeting in held for row in attendees_of(view, meeting)]
    came = {str(row["dept"]) for row in sheets if row.get("dept") and _came(row)}
    told = " ".join(str(row.get("audience_depts") or "") for row in _records(view))
    missing = [each for each in _interviewed(view) if each not in came and each not in told]
    alone = [f"只有{each}一个部门参加" for each in came if len(came) == 1 and not told.strip()]
    return (*missing, *alone)


def _came(row: Row) -> bool:
    return row.get("org_side") == "enterprise" and bool(row.get("sign"))


def _records(view: View) -> list[Row]:
    return view.completed_rows("aux_5", "trainings")


def _counting(view: View) -> list[Row]:
    return [
        row
        for row in _records(view)
        if row.get("is_digital_topic") and row.get("counts_for_5_3")
        if row.get("topic") and view.is_over(row.get("held_on"))
    ]


def _gaps(view: View, row: Row) -> list[str]:
    gaps = [label for key, label in COLUMNS.items() if not row.get(key)]
    number, meetings = row.get("meeting_no"), view.rows("annex_5", "meetings")
    signed = any(m.get("meeting_no") == number and signed_in(view, m) for m in meetings)
    gaps += [] if number and signed else ["签到"]
    return [f"{named(row, 'training_no', 'topic')}：缺{gap}" for gap in gaps]


def _interviewed(view: View) -> list[str]:
    rows = view.rows("annex_6", "interviews")
    return list(dict.fromkeys(str(row["department"]) for row in rows if row.get("department")))
