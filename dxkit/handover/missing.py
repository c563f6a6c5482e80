"""What must exist before a pack may be handed in: an issued report and every needed record."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.case import Case
from dxkit.case.paths_in_data import get
from dxkit.errors import Problem
from dxkit.facts import fact
from dxkit.models.handover import HandoverPlan, Ledger


def missing(case: Case, plan: HandoverPlan) -> Iterator[Problem]:
    """Yield everything that is still missing."""
    if not get(case.data, plan.issues.table):
        yield Problem(case.id, "诊断报告", "尚未定稿发布", "先用 dxkit advance 发布报告")
    for record in (*(fact(case, plan.ledger.missing) or ()), *_unlisted(case, plan.ledger)):
        yield Problem(case.id, f"必备材料 {record}", "尚未形成", "形成后在附件7-2中登记状态")


def _unlisted(case: Case, ledger: Ledger) -> Iterator[str]:
    """Yield the needed records that the ledger does not even list."""
    listed = {row.get(ledger.number) for row in get(case.data, ledger.table) or []}
    for each in case.definitions.seeds.service_records:
        if each.needed and each.seq not in listed and each.seq not in ledger.later:
            yield f"{each.seq} {each.title}"
