"""What others may read of the case file and its journal; the secrets of both stay with the case."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from dxkit import strict_yaml
from dxkit.case import Case, journal
from dxkit.evidence.kept import naming_files
from dxkit.evidence.secrecy import HIDDEN, file_stays
from dxkit.forms.secret_masks import masked
from dxkit.handover.entries import Position
from dxkit.models.handover import HandoverPlan
from dxkit.spreadsheets import harmless

_HEADER = "# 案卷内容的副本：隐去了涉密内容和参会人员的电话号码，供查阅，不能代替案卷文件夹。\n"
_HEADS = ("序号", "时间（UTC）", "办理人", "类别", "改动处数", "改动的表", "本条校验值")


def case_copy(case: Case, plan: HandoverPlan) -> bytes:
    """Return the content of the case as YAML, as far as it may be seen.

    The places of files that stay are hidden wherever they are named: a place tells a title.
    """
    secret = {item.file for item in naming_files(case) if item.file and file_stays(case, item.file)}
    told = _without(dict(masked(case).data), secret)
    return strict_yaml.dump(told, _HEADER).encode("utf-8")


def _without(value: Any, secret: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, secret) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, secret) for each in value]
    return HIDDEN if isinstance(value, str) and value in secret else value


def journal_digest(case: Case, position: Position) -> bytes:
    """Return when who changed which form, with each entry's hash, as CSV; nothing of the content.

    The journal itself holds every value there ever was, those since hidden too, and its hashes
    would not fit a journal without them. With these hashes the full journal can be proved later.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADS)
    writer.writerows(_lines(case, position))
    return text.getvalue().encode("utf-8-sig")


def _lines(case: Case, position: Position) -> Iterator[list[str]]:
    marks = {annex.id: annex.mark for annex in case.definitions.annexes.values()}
    for entry in journal.read(case.folder):
        if entry.n > position.n:
            return
        touched = dict.fromkeys(str(each["path"]).split(".")[0] for each in entry.changes)
        forms = "、".join(marks[each] for each in touched if each in marks)
        count = str(len(entry.changes))
        yield [str(entry.n), entry.at, harmless(entry.who), entry.what, count, forms, entry.hash]
