"""The photo log: which photos may be shown, and which are not yet decided on."""

from __future__ import annotations

from dxkit.evidence.masking import not_masked
from dxkit.evidence.places import forbidden_places
from dxkit.facts.view import Culprits, Row, View, named

MAY_BE_SHOWN = ("yes", "masked")
NEVER_LEAVE = ("secret", "no_copy")
OF_THE_SITE = ("site", "system")


def photo_rows(view: View) -> list[Row]:
    """Return the filled rows of the photo log."""
    return view.begun_rows("aux_4", "photos")


def kept_photos(view: View) -> list[Row]:
    """Return the photos that prove something: on file, and not taken against a ban."""
    return [row for row in photo_rows(view) if not why_no_proof(view, row)]


def why_no_proof(view: View, row: Row) -> str:
    """Say why a row of the photo log proves nothing; nothing if it does."""
    if row.get("consent") == "no":
        return "企业不同意"
    if forbidden_places(view.case, row):
        return "摄于企业限制的区域，没有记录企业同意"
    return "" if view.has_file(row.get("file")) else "案卷中没有照片文件"


def photos_against_ban(view: View) -> Culprits:
    """Name the photos of places that the enterprise restricts, taken without its consent."""
    return tuple(
        named(row, "photo_no", "place", "subject")
        for row in photo_rows(view)
        if forbidden_places(view.case, row)
    )


def site_photos(view: View) -> int:
    """Count the photos kept of the site and of systems shown."""
    return sum(row.get("node") in OF_THE_SITE for row in kept_photos(view))


def photos_not_releasable(view: View) -> Culprits:
    """Name the photos chosen for the report that may not be shown, and those not decided on.

    A photo that the enterprise withholds is no fault as long as nothing in the report names it.
    """
    chosen = _named_in_report(view)
    undecided = tuple(
        f"{named(row, 'photo_no', 'subject')}：{why}"
        for row in photo_rows(view)
        if (why := _why_withheld(row, row.get("photo_no") in chosen))
    )
    return (*undecided, *_unmasked(view, chosen))


def masked_photos_unchanged(view: View) -> Culprits:
    """Name the photos said to be masked that have the very bytes of one that is not."""
    return _unmasked(view, None)


def _unmasked(view: View, chosen: set[str] | None) -> tuple[str, ...]:
    return tuple(
        f"{named(item.row, 'photo_no', 'subject')}：文件与没有脱敏的{number}完全相同"
        for item, number in not_masked(view.case)
        if chosen is None or item.number in chosen
    )


def _why_withheld(row: Row, is_chosen: bool) -> str:
    consent, secrecy = row.get("consent"), row.get("secrecy")
    if consent is None or secrecy is None:
        return "未写明企业是否同意" if consent is None else "未写明涉密程度"
    if not is_chosen:
        return ""
    if secrecy in NEVER_LEAVE:
        return "属企业秘密或不得复制，不能进入报告"
    return "" if consent in MAY_BE_SHOWN else "企业不同意，不能进入报告"


def _named_in_report(view: View) -> set[str]:
    """Return the photo numbers that rows of the report give as their evidence."""
    tables = [rows for rows in view.annex("annex_2").values() if isinstance(rows, list)]
    rows = [row for table in tables for row in table if isinstance(row, dict)]
    return {str(no) for row in rows for no in row.get("evidence") or []}
