"""Keeping the report and the questionnaire of the enterprise's online self-assessment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, open_case
from dxkit.evidence.adding import Intake, Taken, add

REPORT, QUESTIONNAIRE = "D001", "D002"
FORM = "annex_3"
STATUS, DONE, DONE_ON, FILES = (
    "selfassess_status",
    "done",
    "selfassess_on",
    "selfassess_files",
)


def keep(
    folder: Path | str,
    report: Path,
    questionnaire: Path,
    who: str,
    told: Mapping[str, Any] | None = None,
    again: bool = False,
) -> list[Taken]:
    """Keep both files as evidence and note in the application that they are there.

    Args:
        folder: the case, by id or path.
        report: the report as downloaded.
        questionnaire: the questionnaire as downloaded.
        who: whom the journal names.
        told: further cells of both ledger rows; `issued_on` is the day it was completed.
        again: keep the files although the same bytes are already there.

    Raises:
        EvidenceError: if a file may not become evidence; nothing is written.
    """
    told = told or {}
    files = [
        (path, Intake(item, ledger=told))
        for item, path in ((REPORT, report), (QUESTIONNAIRE, questionnaire))
    ]

    def noted(case: Case, taken: list[Taken]) -> list[Change]:
        known = case.annex(FORM).get(FILES) or []
        numbers = [each.numbers[0] for each in taken]
        done_on = told.get("issued_on")
        return [
            Change(f"{FORM}.{STATUS}", DONE),
            Change(f"{FORM}.{FILES}", [*known, *numbers]),
            *([Change(f"{FORM}.{DONE_ON}", done_on)] if done_on else []),
        ]

    return add(folder, files, who, again, further=noted)


def doubt_name(folder: Path | str, name: str | None) -> str | None:
    """Return what is odd about the enterprise's name in the downloaded files; None if nothing."""
    case = open_case(folder)
    known = case.annex(FORM).get("enterprise_name")
    if name is None or name.strip() == known:
        return None
    if known is None:
        return f"申请表还没有企业名称，自评估材料中的“{name}”没有核对，也没有记入案卷；填写后请核对"
    return f"自评估材料中的企业名称“{name}”与申请表的“{known}”不一致"
