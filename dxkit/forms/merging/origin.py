"""What a returned form was when it was sent: whose it is, and what stood in it then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dxkit.case import Case, journal, store_of
from dxkit.case.continuity import journal_problems
from dxkit.errors import FormError, Problem
from dxkit.forms.returned import Returned, Stamp
from dxkit.forms.stamping import BLANK, EXPORTS
from dxkit.forms.values import field_at
from dxkit.forms.written.parsing import parse
from dxkit.models.annex import Annex

_CREDIT_CODE = "annex_3.uscc"


@dataclass(frozen=True)
class Origin:
    """The answers as sent; `known` is False for a form without a stamp.

    `case` is the case as it then was, for what the form showed of other forms.
    """

    known: bool
    answers: Mapping[str, Any]
    case: Case
    blank: bool = False


def origin_of(returned: Returned, annex: Annex, case: Case, where: str) -> Origin:
    """Return what was sent.

    Raises:
        FormError: if the form belongs to another enterprise, or was sent from another file of it.
    """
    stamp = _recovered(returned.stamp, annex, case, where)
    if stamp is None or not stamp.n:
        _refuse_other_code(returned, annex, case, where)
    if stamp is None:
        return Origin(False, {}, case)
    if not stamp.n:
        if stamp.case and stamp.case != case.id:
            raise _of_another(stamp, case, where)
        return Origin(True, {}, case, blank=True)
    then = _case_then(stamp, annex, case, where)
    return Origin(True, {} if stamp.blank else then.annex(annex.id), then, stamp.blank)


def _recovered(stamp: Stamp | None, annex: Annex, case: Case, where: str) -> Stamp | None:
    """Complete a stamp of which only the visible form number is left, from the record of exports.

    A restricted form's answers have a journal of their own, of which that record knows nothing.
    """
    if stamp is None or stamp.n or stamp.blank or not stamp.form_no:
        return stamp
    annex_id, _, key = EXPORTS.partition(".")
    rows = case.annex(annex_id).get(key) or []
    row = next((row for row in rows if row.get("form_no") == stamp.form_no), None)
    if row is None or row.get("annex") != annex.id:
        found = f"表单编号 {stamp.form_no}"
        raise FormError(Problem(where, "", found, f"{case.id} 的导出记录中{annex.mark}的编号"))
    entries = journal.read(case.folder)
    n = int(row.get("journal_n") or 0)
    if annex.restricted or not 0 < n <= len(entries):
        return None
    blank = str(row.get("format", "")).endswith(BLANK)
    return Stamp(case.id, annex.id, stamp.form_no, n, entries[n - 1].hash[:12], "", blank)


def _case_then(stamp: Stamp, annex: Annex, case: Case, where: str) -> Case:
    """Return the store of a form as it was when the form was sent, rebuilt from its journal."""
    store = store_of(case.folder, annex.id, case.definitions)
    entries = journal.read(store)
    sent = entries[: stamp.n]
    if broken := journal_problems(replace(case, folder=store) if annex.restricted else case):
        expected = "从备份找回完好的流水，再读入；或另存为没有发出标记的 CSV"
        found = f"{broken[0].found}，不能得知表单发出时的内容"
        raise FormError(Problem(where, str(store / journal.NAME), found, expected))
    if len(sent) < stamp.n or not sent[-1].hash.startswith(stamp.hash) or len(stamp.hash) < 12:
        raise _of_another(stamp, case, where)
    return Case(store, journal.replay(sent), case.definitions, sent[-1].file)


def _of_another(stamp: Stamp, case: Case, where: str) -> FormError:
    same = stamp.case == case.id
    found = f"表单 {stamp.form_no or '（未编号）'}，由企业 {stamp.case} 的案卷发出"
    reason = "案卷的操作日志中没有这次发出" if same else f"不是 {case.id} 的表单"
    return FormError(Problem(where, "", f"{found}；{reason}", f"由 {case.id} 发出的表单"))


def _refuse_other_code(returned: Returned, annex: Annex, case: Case, where: str) -> None:
    """Refuse a form that names another enterprise where no stamp tells whose it is."""
    annex_id, _, key = _CREDIT_CODE.partition(".")
    field, own = field_at(case.definitions, _CREDIT_CODE), case.annex(annex_id).get(key)
    if annex.id != annex_id or field is None or not own:
        return
    for cell in returned.cells:
        code = parse(field, cell.raw, case.definitions).value if cell.path == key else None
        if code and code != own:
            found = f"{field.label} {code}"
            raise FormError(Problem(where, cell.place, found, f"本企业的 {own}"))
