"""What can be odd about a case's own records: codes, amounts, answers, size, files, journal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dxkit.assessment.words import question_words
from dxkit.case import Case, journal
from dxkit.case.credit_code import doubt
from dxkit.case.words import METHODS, shown
from dxkit.definitions import Definitions
from dxkit.diagnosis import amounts
from dxkit.diagnosis.evidence import SEEN, STRONG_METHODS, ledger_of
from dxkit.diagnosis.held import values_held
from dxkit.diagnosis.statements import unreadable_statements
from dxkit.models.annex import FieldType
from dxkit.models.reference import Size


def doubtful_credit_code(case: Case) -> Iterator[str]:
    """Yield each credit code whose check digit is wrong; issued codes with that fault exist."""
    for each in values_held(case, FieldType.CREDIT_CODE):
        if words := doubt(str(each.value)):
            yield f"{each.place}：{words}"


def doubtful_amount(case: Case) -> Iterator[str]:
    """Yield each amount of money that is too large to be meant in 万元."""
    for each in values_held(case, FieldType.MONEY):
        if words := amounts.doubt(each.field, each.value, case.definitions):
            yield f"{each.place}：{words}"


def verified_without_reason(case: Case) -> Iterator[str]:
    """Yield each answer whose verified value is not the one found on site, without a word why."""
    for key, answer in case.record.items():
        both = answer.onsite is not None and answer.verified is not None
        reason = answer.diff_reason or answer.remark
        if both and not reason and _unlike(answer.onsite, answer.verified):
            field = case.definitions.questions[key]
            seen, verified = (
                shown(field, value, case.definitions) for value in (answer.onsite, answer.verified)
            )
            yield f"{question_words(key, case.definitions)}：现场值 {seen}，核定值 {verified}"


def strength_without_method(case: Case) -> Iterator[str]:
    """Yield each answer said to be seen on site or in a system that was collected otherwise."""
    for key, answer in case.record.items():
        if answer.strength == SEEN and not STRONG_METHODS & set(answer.methods):
            methods = "、".join(METHODS.get(each, each) for each in answer.methods) or "未填"
            words = question_words(key, case.definitions)
            yield f"{words}：证据强度 {SEEN}，采集方式：{methods}"


def size_unlike_rule(case: Case) -> Iterator[str]:
    """Yield a stated size class that staff and revenue of the last year do not give."""
    stated, last = case.annex("annex_3").get("size_class"), _last_year(case)
    staff, revenue = last.get("staff"), last.get("revenue")
    if stated is None or staff is None or revenue is None:
        return
    fitting = size_of(int(staff), float(revenue), case.definitions)
    if fitting.code != stated:
        names = {size.code: size.name for size in case.definitions.sizes.sizes}
        figures = f"从业人员 {staff} 人、营业收入 {float(revenue):.2f} 万元"
        yield f"填报为{names.get(stated, stated)}，按{figures}应为{fitting.name}"


def scale_unlike_revenue(case: Case) -> Iterator[str]:
    """Yield an enterprise stated to be 规模以上 whose revenue lies below the bar."""
    bar = case.definitions.sizes.above_scale_revenue
    revenue = _last_year(case).get("revenue")
    if case.annex("annex_3").get("is_above_scale") and revenue is not None and revenue < bar:
        yield f"填报为规模以上工业企业，营业收入 {float(revenue):.2f} 万元，低于 {bar:.0f} 万元"


def planned_city_within(case: Case) -> Iterator[str]:
    """Yield a separately planned city that is named as the county of the league around it."""
    answers = case.annex("annex_3")
    county, league = str(answers.get("banner") or ""), answers.get("league")
    for city in case.definitions.regions.regions:
        if city.within is not None and city.within == league and city.name[:-1] in county:
            around = case.definitions.region_name(league)
            yield f"所在旗县为“{county}”，所在盟市选了{around}，应选{city.name}"


def evidence_not_as_recorded(case: Case) -> Iterator[str]:
    """Yield every evidence file that is missing or whose SHA-256 is not the recorded one."""
    for row in ledger_of(case):
        if row.get("file"):
            yield from _file_problem(case, row)


def journal_not_whole(case: Case) -> Iterator[str]:
    """Yield every place where the journal's chain is broken."""
    yield from (f"{problem.key}{problem.found}" for problem in journal.verify(case.folder))


def size_of(staff: int, revenue: float, definitions: Definitions) -> Size:
    """Return the size class of an enterprise: the largest whose two bounds are both met.

    Args:
        staff: people employed at the end of the year.
        revenue: revenue of the year in 万元.
        definitions: the rule and its edition.
    """
    sizes = definitions.sizes.sizes
    met = (size for size in sizes if staff >= size.staff and revenue >= size.revenue)
    return next(met, sizes[-1])


def _unlike(one: Any, other: Any) -> bool:
    """Tell whether two values differ; choices have no order."""
    if isinstance(one, list) and isinstance(other, list):
        return set(map(str, one)) != set(map(str, other))
    return bool(one != other)


def _file_problem(case: Case, row: Mapping[str, Any]) -> Iterator[str]:
    name = f"{row.get('evidence_no', '')} {row['file']}".strip()
    path = case.folder / str(row["file"])
    if not path.is_file() or not path.resolve().is_relative_to(case.folder.resolve()):
        yield f"{name}：文件不在企业文件夹中"
    elif row.get("sha256") and _sha256(path) != row["sha256"]:
        yield f"{name}：文件内容与登记时不同"


def _sha256(path: Any) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _last_year(case: Case) -> Mapping[str, Any]:
    rows = [row for row in case.annex("annex_3").get("yearly") or [] if row.get("year")]
    return max(rows, key=lambda row: int(row["year"]), default={})


RECORD_CHECKS: dict[str, Callable[[Case], Iterator[str]]] = {
    "credit_code": doubtful_credit_code,
    "money_unit": doubtful_amount,
    "verified_change": verified_without_reason,
    "strong_evidence": strength_without_method,
    "size_class": size_unlike_rule,
    "above_scale": scale_unlike_revenue,
    "planned_city": planned_city_within,
    "evidence_files": evidence_not_as_recorded,
    "journal": journal_not_whole,
    "statement": unreadable_statements,
}
ON_DISK = frozenset({"evidence_files", "journal"})
"""The kinds of checks that read files, and so take the longer the more there are."""
