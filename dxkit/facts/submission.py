"""What goes to the bureau and into the archive: service records, the pack, logged exports."""

from __future__ import annotations

import re
from collections.abc import Callable

from dxkit.facts.issued import version_in_force
from dxkit.facts.ledger import evidence_rows
from dxkit.facts.photos import NEVER_LEAVE, photo_rows
from dxkit.facts.view import Culprits, Row, View, named, tight

# Made by submitting and filing themselves, so they cannot be in the pack before it.
MADE_LATER = re.compile(r"辅-8|辅-9")
_FORM = re.compile(r"(?:附件|辅-)\d+")
OF_PHOTOS = re.compile(r"辅-4")
OF_A_VERSION = re.compile(r"(?<![0-9A-Za-z])V\d+\.\d+(?![0-9A-Za-z.])", re.IGNORECASE)
OF_REPORT = "诊断报告"
WITHHELD = "withheld"
PRINTED = 16


def ledger_rows_missing(view: View) -> Culprits:
    """Name the needed service records that are not made yet; None while the ledger is empty."""
    return _open_records(view, lambda row: row.get("status") in (None, "not_formed"))


def pack_rows_missing(view: View) -> Culprits:
    """Name those among them that must be in the pack to the bureau."""
    missing = ledger_rows_missing(view)
    return None if missing is None else tuple(e for e in missing if not MADE_LATER.search(e))


def pack_rows_unlisted(view: View) -> Culprits:
    """Name the needed service records that the list of the pack neither holds nor excludes.

    None while the ledger is empty. What is excluded must say why; what is made by submitting and
    filing is not asked for.
    """
    rows = _needed_records(view)
    if rows is None:
        return None
    items = [item for item in view.begun_rows("aux_8", "items") if _settles(item)]
    asked = [row for row in rows if not MADE_LATER.search(str(row.get("title")))]
    unlisted = (r for r in asked if not any(_is_about(view, item, r) for item in items))
    return tuple(named(row, "seq", "title") for row in unlisted)


def ledger_rows_not_archived(view: View) -> Culprits:
    """Name the needed service records that are not archived; None while the ledger is empty."""
    return _open_records(view, lambda row: row.get("status") != "archived")


def listed_checksums(view: View) -> tuple[str | None, ...]:
    """Return the beginning of each listed file's hash, as the paper list prints it."""
    hashes = (row.get("sha256") for row in view.rows("aux_8", "items"))
    return tuple(str(each)[:PRINTED] if each else None for each in hashes)


def secret_items_in_pack(view: View) -> Culprits:
    """Name what the list of the pack includes though it may not leave; None without a list."""
    items = view.rows("aux_8", "items")
    if not items:
        return None
    sent = [row for row in items if row and not row.get("excluded")]
    return tuple(named(row, "seq", "title") for row in sent if _is_secret(view, row))


def pack_of_other_version(view: View) -> Culprits:
    """Name what the list of the pack includes of another version than the one in force."""
    version = version_in_force(view)
    items = [row for row in view.rows("aux_8", "items") if row and not row.get("excluded")]
    told = [
        (row, OF_A_VERSION.search(title))
        for row in items
        for title in [str(row.get("title") or "")]
        if OF_REPORT in title
    ]
    others = (row for row, found in told if found and version and found[0].upper() != version)
    return tuple(named(row, "seq", "title") for row in others)


def exports_without_purpose(view: View) -> Culprits:
    """Name the exports with phone numbers, faces or secret things that do not say what for."""
    rows = view.rows("engagement", "exports")
    unsaid = (row for row in rows if row.get("contains") and not row.get("purpose"))
    return tuple(named(row, "form_no", "annex", "at") for row in unsaid)


def _open_records(view: View, is_open: Callable[[Row], bool]) -> Culprits:
    needed = _needed_records(view)
    if needed is None:
        return None
    return tuple(named(row, "seq", "title") for row in needed if is_open(row))


def _needed_records(view: View) -> list[Row] | None:
    rows = view.begun_rows("annex_7", "service_ledger")
    needed = [row for row in rows if row.get("needed") and not _is_forbidden(view, row)]
    return needed if rows else None


def _settles(item: Row) -> bool:
    return not item.get("excluded") or bool(item.get("exclusion_reason"))


def _is_about(view: View, item: Row, record: Row) -> bool:
    """Tell whether an item of the list is a service record: by number, by name or as its form."""
    number, title = record.get("seq"), tight(record.get("title"))
    if item.get("ledger_seq") is not None:
        return bool(item["ledger_seq"] == number)
    said = tight(item.get("title"))
    table = view.field("annex_7", "service_ledger").label
    if said in (title, tight(f"{table}{number}")):
        return True
    return any(re.match(rf"{re.escape(form)}(?!\d)", said) for form in _FORM.findall(title))


def _is_forbidden(view: View, row: Row) -> bool:
    """Tell whether a record of photos is not due because the enterprise forbade taking any."""
    meetings = view.rows("annex_5", "meetings")
    banned = any(m.get("photos_forbidden") and m.get("photos_forbidden_reason") for m in meetings)
    return banned and not photo_rows(view) and bool(OF_PHOTOS.search(str(row.get("title"))))


def _is_secret(view: View, item: Row) -> bool:
    """Tell whether an item may not leave: by its bytes, number, name, record or form."""
    rows = [*evidence_rows(view), *photo_rows(view)]
    hidden = [row for row in rows if row.get("secrecy") in NEVER_LEAVE]
    hashes = {row["sha256"] for row in hidden if row.get("sha256")}
    numbers = (row.get("evidence_no") or row.get("photo_no") for row in hidden)
    titles = {tight(row.get("title") or row.get("caption")) for row in hidden} - {""}
    said = str(item.get("title") or "")
    named_so = any(_speaks_of(said, str(no)) for no in [*numbers, *_restricted_forms(view)] if no)
    known = item.get("sha256") in hashes or tight(said) in titles
    return named_so or known or _is_withheld(view, item)


def _restricted_forms(view: View) -> list[str]:
    """Return what the forms are called that never leave the case, such as 附件9."""
    return [annex.mark for annex in view.definitions.annexes.values() if annex.restricted]


def _speaks_of(title: str, number: str) -> bool:
    """Tell whether a title holds a number that is not part of a longer one."""
    return bool(re.search(rf"(?<![0-9A-Za-z-]){re.escape(number)}(?![0-9A-Za-z-])", title))


def _is_withheld(view: View, item: Row) -> bool:
    rows = view.rows("annex_7", "service_ledger")
    withheld = {row.get("seq") for row in rows if row.get("secrecy_handling") == WITHHELD}
    return item.get("ledger_seq") is not None and item["ledger_seq"] in withheld
