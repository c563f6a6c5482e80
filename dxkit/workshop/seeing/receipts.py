"""What somebody sent and does not see any more: that it was taken and how it is kept, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.evidence.apart import is_secret
from dxkit.evidence.kept import Item, items
from dxkit.workshop.seeing.access import Access
from dxkit.workshop.seeing.log import Log
from dxkit.workshop.seeing.places import look

APART = "涉密，单独存放"
_TAKEN = "已收到，由工作组核对"


def is_shown(access: Access, item: Item) -> bool:
    """Tell whether a role sees the row that lists a file."""
    return look(item.path, access) is not None and access.shows_row(item.table, item.row)


def receipts(case: Case, access: Access, log: Log, who: str) -> list[dict[str, Any]]:
    """Return the numbers of what somebody sent and their role does not see, and how it is kept."""
    sent: dict[str, set[str]] = {}
    told = []
    for item in items(case):
        table = item.path.rpartition(".")[0]
        if table not in sent:
            sent[table] = set(_sent(log, table, item.table.columns[0].key, who))
        if item.number in sent[table] and not is_shown(access, item):
            told.append({"number": item.number, "kept": APART if is_secret(item.row) else _TAKEN})
    return told


def _sent(log: Log, table: str, first: str, who: str) -> Iterator[str]:
    """Yield the numbers of the rows that somebody added."""
    for step in log.steps(table):
        if step.entry.who == who and step.before is None:
            rows = step.after if isinstance(step.after, list) else [step.after]
            yield from (str(row.get(first)) for row in rows if isinstance(row, Mapping))


def who_sees_secrets(definitions: Definitions) -> str:
    """Say what becomes of a file that is called secret, before somebody calls one so."""
    seeing = "、".join(role.label for role in definitions.roles.values() if role.rows == "all")
    return f"单独存放，文件只有{seeing}能看；其他人看不到，上传的人也只看到编号。"
