"""What goes to the bureau and into the archive: service records, the pack, logged exports."""

from __future__ import annotations

import re
from collections.abc import Callable

from dxkit.facts.issued import version_in_force
from dxkit.facts.ledger import evidence_rows
from dxkit.facts.photos import NEVER_LEAVE, photo_rows
from dxkit.facts.view import Culprits, Row, View, named

# Made by submitting and filing themselves, so they cannot be in the pack before it.
MADE_LATER = re.compile(r"辅-8|辅-9")
OF_PHOTOS = re.compile(r"辅-4")
OF_A_VERSION = re.compile(r"(?<![0-9A-Za-z])V\d+\.\d+(?![0-9A-Za-z.])", re.IGNORECASE)
OF_REPORT = "诊断报告"
WITHHELD = "withheld"


def ledger_rows_missing(view: View) -> Culprits:
    """Name the needed service records that are not made yet; None while the ledger is empty."""
    return _open_records(view, lambda row: row.get("status") in (None, "not_formed"))


def pack_rows_missing(view: View) -> Culprits:
    """Name those among them that must be in the pack to the bureau."""
    missing = ledger_rows_missing(view)
    return None if missing is None else tuple(e for e in missing if not MADE_LATER.search(e))


def ledger_rows_not_archived(view: View) -> Culprits:
    """Name the needed service records that are not archived; None while the ledger is empty."""
    return _open_records(view, lambda row: row.get("status") != "archived")


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
    rows = view.begun_rows("annex_7", "service_ledger")
    needed = [row for row in rows if row.get("needed") and not _is_forbidden(view, row)]
    return tuple(named(row, "seq", "title") for row in needed if is_open(row)) if rows else None


def _is_forbidden(view: View, row: Row) -> bool:
    """Tell whether a record of photos is not due because the enterprise forbade taking any."""
    meetings = view.rows("annex_5", "meetings")
    banned = any(m.get("photos_forbidden") and m.get("photos_forbidden_reason") for m in meetings)
    return banned and not photo_rows(view) and bool(OF_PHOTOS.search(str(row.get("title"))))


def _is_secret(view: View, item: Row) -> bool:
    """Tell whether an item is a secret file by its bytes, its name or its service record."""
    rows = [*evidence_rows(view), *photo_rows(view)]
    hidden = [row for row in rows if row.get("secrecy") in NEVER_LEAVE]
    hashes = {row["sha256"] for row in hidden if row.get("sha256")}
    numbers = (row.get("evidence_no") or row.get("photo_no") for row in hidden)
    named_so = any(_speaks_of(str(item.get("title") or ""), str(no)) for no in numbers if no)
    return named_so or item.get("sha256") in hashes or _is_withheld(view, item)


def _speaks_of(title: str, number: str) -> bool:
    """Tell whether a title holds a number that is not part of a longer one."""
    return bool(re.search(rf"(?<![0-9A-Za-z-]){re.escape(number)}(?![0-9A-Za-z-])", title))


def _is_withheld(view: View, item: Row) -> bool:
    rows = view.rows("annex_7", "service_ledger")
    withheld = {row.get("seq") for row in rows if row.get("secrecy_handling") == WITHHELD}
    return item.get("ledger_seq") is not None and item["ledger_seq"] in withheld
