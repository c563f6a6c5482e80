"""The meetings: which were held, whether signed in, photographed and minuted, who was there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from dxkit.facts.calendar import day_of, days_of
from dxkit.facts.photos import kept_photos
from dxkit.facts.team import leader_name, members
from dxkit.facts.view import Culprits, Row, Value, View, first_of, named

Test = Callable[[View, Row], bool]
CLOSING_TOPICS = {"completion": "完成情况", "problems": "发现的问题", "proposals": "解决方案建议"}
TOPICS = {
    "kickoff": ("background", "purpose", "meaning", "plan"),
    "closing": tuple(CLOSING_TOPICS),
}


def meetings_of(view: View, *kinds: str) -> list[Row]:
    """Return the meetings of some kinds; one meeting may be of several."""
    rows = view.rows("annex_5", "meetings")
    return [row for row in rows if set(kinds) & set(row.get("types") or [])]


def held_on(kind: str, view: View) -> str | None:
    """Return the day of the first meeting of a kind."""
    days = days_of(row.get("held_on") for row in meetings_of(view, kind))
    return days[0].isoformat() if days else None


def meeting_name(row: Row) -> str:
    """Return what a meeting is called in a list."""
    return named(row, "meeting_no", "title" if row.get("title") else "held_on")


def past_meetings_of(view: View, *kinds: str) -> list[Row]:
    """Return the meetings of some kinds that were held by today."""
    return [row for row in meetings_of(view, *kinds) if view.is_over(row.get("held_on"))]


def without(
    kind: str, test: Test, view: View, beside: Mapping[str, Test] | None = None
) -> Culprits:
    """Name the meetings of a kind that were held if none passes a test; None if there was none.

    Where some of them pass what is asked of the meeting `beside` the test, only those can pass it:
    what one meeting lacks another cannot make up for.
    """
    held = past_meetings_of(view, kind)
    whole = [row for row in held if beside and not _lacks(view, row, beside)]
    judged = whole or held
    if any(test(view, row) for row in judged):
        return ()
    return tuple(map(meeting_name, judged)) or None


def attendees_of(view: View, row: Row) -> list[Row]:
    """Return the rows of a meeting's sign-in sheet."""
    number, rows = row.get("meeting_no"), view.rows("annex_5", "attendees")
    return [each for each in rows if number and first_of(each.get("meeting_no")) == number]


def meeting_faults(kind: str, tests: Mapping[str, Test], view: View) -> Culprits:
    """Name what each meeting of a kind lacks, unless one that was held lacks nothing.

    All tests must pass on the same meeting: what one lacks another cannot make up for.
    """
    faults = [
        (row, "还没有召开" if not view.is_over(row.get("held_on")) else _lacks(view, row, tests))
        for row in meetings_of(view, kind)
    ]
    if any(not lacks for _, lacks in faults):
        return ()
    name = view.field("annex_5", "meetings", "types").label_of(kind)
    return tuple(f"{meeting_name(row)}：{why}" for row, why in faults) or (f"没有登记{name}",)


def _lacks(view: View, row: Row, tests: Mapping[str, Test]) -> str:
    lacking = [words for words, test in tests.items() if not test(view, row)]
    return f"缺{'、'.join(lacking)}" if lacking else ""


def signed_in(view: View, row: Row) -> bool:
    """Tell whether there is a scan of the signed sheet, or everyone signed electronically."""
    sheet = [each.get("sign") for each in attendees_of(view, row)]
    electronic = bool(sheet) and all(_is_picture(view, sign) for sign in sheet)
    return view.has_file(row.get("scan")) or electronic


def photographed(view: View, row: Row) -> bool:
    """Tell whether enough photos are registered, or there is a ban with its reason.

    Only pictures in the photo log count; how many somebody says there are proves nothing.
    """
    banned = row.get("photos_forbidden") and row.get("photos_forbidden_reason")
    return bool(banned) or len(photos_of(view, row)) >= view.policy("photos_min")


def photos_of(view: View, row: Row) -> list[Row]:
    """Return the kept photos of a meeting: those it names, and those logged for it that day."""
    named_here, kinds, day = row.get("photos") or [], _nodes_of(row), day_of(row.get("held_on"))
    return [
        photo
        for photo in kept_photos(view)
        if photo.get("photo_no") in named_here
        or (photo.get("node") in kinds and day_of(photo.get("taken_at")) in (None, day))
    ]


def _nodes_of(row: Row) -> set[str]:
    """Return what the photo log calls a meeting; it knows one word for both trainings."""
    return {"training" if each == "topic_training" else each for each in row.get("types") or []}


def minutes_of(view: View, row: Row) -> list[Row]:
    """Return the minutes of a meeting, found by its number or by theirs."""
    number, theirs = row.get("meeting_no"), row.get("minutes") or []
    return [
        each
        for each in view.rows("aux_3", "minutes")
        if (number and each.get("meeting_no") == number) or each.get("minutes_no") in theirs
    ]


def minuted(view: View, row: Row) -> bool:
    """Tell whether what was said at a meeting is on record."""
    return any(_says_something(each) for each in minutes_of(view, row))


def told_all_topics(view: View, row: Row) -> bool:
    """Tell whether the minutes of a last meeting, if any, tell the three things they must."""
    minutes = minutes_of(view, row)
    return not minutes or all(any(each.get(key) for each in minutes) for key in CLOSING_TOPICS)


def topics_not_covered(kind: str, view: View) -> Culprits:
    """Name what was not explained at any meeting of a kind, of what should be."""
    held = past_meetings_of(view, kind)
    covered = {topic for row in held for topic in row.get("topics_covered") or []}
    label_of = view.field("annex_5", "meetings", "topics_covered").label_of
    return tuple(label_of(t) for t in TOPICS[kind] if t not in covered) if held else None


def meetings_merged_unsaid(view: View) -> Culprits:
    """Name kick-off and first meetings that were one by title or time but are not said to be."""
    held = [row for row in meetings_of(view, "kickoff", "opening") if not _is_both(row)]
    titled = [row for row in held if {"启动会", "首次会议"} <= _kinds_in(str(row.get("title")))]
    starts = [(row.get("held_on"), row.get("start_at")) for row in held]
    at_once = [
        row for row, start in zip(held, starts, strict=True) if all(start) and _twice(starts, start)
    ]
    return tuple(dict.fromkeys(meeting_name(row) for row in [*titled, *at_once]))


def attendance_faults(kinds: tuple[str, ...], view: View) -> Culprits:
    """Name who should have been at meetings of some kinds and was not."""
    held = past_meetings_of(view, *kinds)
    return tuple(fault for row in held for fault in _missing_people(view, row)) if held else None


def meeting_attendance(view: View) -> Value:
    """Return how many signed in, for each meeting in order."""
    rows = view.rows("annex_5", "meetings")
    return tuple(sum(bool(e.get("sign")) for e in attendees_of(view, row)) for row in rows)


def attendee_numbers(view: View) -> Value:
    """Return the running number of each signature on its own sheet."""
    sheets = [first_of(row.get("meeting_no")) for row in view.rows("annex_5", "attendees")]
    return tuple(sheets[: n + 1].count(sheet) for n, sheet in enumerate(sheets))


def attendee_is_principal(view: View) -> Value:
    """Return 是 for each attendee who is the enterprise's principal, 否 for the others."""
    principal = view.value("annex_3", "principal")
    rows = view.rows("annex_5", "attendees")
    return tuple("是" if principal and row.get("name") == principal else "否" for row in rows)


def _is_picture(view: View, sign: object) -> bool:
    """Tell a signature kept as a picture from one that stands on paper only."""
    return isinstance(sign, str) and view.has_file(sign)


def _says_something(minutes: Row) -> bool:
    return any(minutes.get(key) for key in ("key_points", *CLOSING_TOPICS))


def _is_both(row: Row) -> bool:
    return {"kickoff", "opening"} <= set(row.get("types") or [])


def _kinds_in(title: str) -> set[str]:
    return {word for word in ("启动会", "首次会议") if word in title}


def _twice(starts: list[tuple[Any, Any]], start: tuple[Any, Any]) -> bool:
    return starts.count(start) > 1


def _missing_people(view: View, row: Row) -> list[str]:
    there = {each.get("name") for each in attendees_of(view, row) if each.get("sign")}
    group = [each["name"] for each in members(view) if each["name"] in there]
    heads = {view.value("annex_3", key) for key in ("principal", "digital_leader")}
    leader, planned = leader_name(view), [m for m in members(view) if m.get("onsite")]
    enough = min(view.policy("onsite_members_min"), len(planned) or float("inf"))
    faults = [f"工作组只有 {len(group)} 人签到"] if len(group) < enough else []
    faults += ["组长未签到"] if leader and leader not in there else []
    faults += ["企业主要负责人和分管领导均未签到"] if not heads & there else []
    return [f"{meeting_name(row)}：{fault}" for fault in faults]


_OPENING: Mapping[str, Test] = {"签到": signed_in, "纪要": minuted}
_CLOSING: Mapping[str, Test] = {**_OPENING, "纪要中的三项内容": told_all_topics}
kickoff_without_signin = partial(without, "kickoff", signed_in)
kickoff_without_photos = partial(without, "kickoff", photographed, beside={"签到": signed_in})
opening_without_minutes = partial(without, "opening", minuted)
closing_without_minutes = partial(without, "closing", minuted)
closing_without_photos = partial(without, "closing", photographed, beside=_CLOSING)
training_meeting_faults = partial(
    meeting_faults, "training", {"签到": signed_in, "照片": photographed}
)
opening_meeting_faults = partial(meeting_faults, "opening", _OPENING)
closing_meeting_faults = partial(meeting_faults, "closing", _CLOSING)
