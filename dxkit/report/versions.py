"""What a report was made from, which versions went out, and what each of them corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dxkit.case import Case, journal
from dxkit.case.answers import column_fields
from dxkit.case.words import chinese_date
from dxkit.evidence.secrecy import field_stays, may_keep_back
from dxkit.lifecycle.entries import correction_of
from dxkit.lifecycle.history import Row, rows_of, state_of
from dxkit.lifecycle.versions import (
    Difference,
    changed_since_issue,
    differences_between,
    differences_since,
    results_between,
)
from dxkit.models.annex import Field, FieldType
from dxkit.report.answers import PRIVATE, value
from dxkit.report.blocks import NOTHING, Block, Head, join, paragraph, table

# The forms whose content the chapters print; changes of the other records are only counted.
PRINTED = ("annex_2", "annex_3", "annex_6")
DIGEST_SHOWN = 12
DRAFT, WORKING_COPY = "草稿", "工作稿"
UNSAID = "有更动，内容不在此列出"


def snapshot_words(case: Case) -> str:
    """Say which frozen content a report rests on; that nothing was frozen if so."""
    frozen = rows_of(case, "snapshots")
    if not frozen:
        return "本报告依据的内容尚未冻结，定稿之前仍可能更动。"
    last = frozen[-1]
    told = {
        "日期": chinese_date(str(last["at"])) if last.get("at") else "",
        "流水序号": str(last.get("journal_n") or ""),
        "校验值": str(last.get("digest") or "")[:DIGEST_SHOWN],
        "口径": str(last.get("definitions") or ""),
        "参数版次": str(last.get("policy_edition") or ""),
    }
    words = "，".join(f"{label} {words}" for label, words in told.items() if words)
    return f"本报告依据 {last.get('snapshot_no') or '未编号的'} 号冻结内容编制（{words}）。"


def corrections(case: Case) -> Block:
    """Return the versions that went out and what each later one corrected; nothing before V1.1."""
    issued, present = _issued(case), _present(case)
    if len(issued) + bool(present) < 2:
        return NOTHING
    numbers = [str(row.get("version")) for row in issued]
    reasons = {str(row.get("version")): str(row.get("reason") or "") for row in issued}
    told = [
        _why(later, reasons[later])
        + _results(earlier, later, results_between(case, earlier, later))
        + _corrected(earlier, later, differences_between(case, earlier, later), case)
        for earlier, later in pairwise(numbers)
    ]
    if present:
        last = numbers[-1]
        told.append(
            _why(present, correction_of(case) or "")
            + _results(last, present, results_between(case, last))
            + _corrected(last, present, differences_since(case, last), case)
        )
    return issues(case) + join(told)


def version_words(case: Case) -> str:
    """Return the version as cover and page head print it: no report but the one issued bears it."""
    if changed := changed_since_issue(case):
        return f"{changed}之后的{WORKING_COPY}（未发布）"
    version = value(case, "annex_2", "report_version") or "V0.1"
    return version if _issued(case) else f"{version}（{DRAFT}）"


def standing_of(case: Case) -> str | None:
    """Return what a report is called that is no issued version; None if it is one."""
    if is_working_copy(case):
        return WORKING_COPY
    return None if _issued(case) else DRAFT


def told_until(case: Case) -> str:
    """Return the day on which the case was last changed, empty if it has no journal.

    A report that was never issued has no day of its own, and the day of printing would make two
    prints of the same content differ.
    """
    entry = journal.last(case.folder)
    return entry.at[:10] if entry else ""


def is_working_copy(case: Case) -> bool:
    """Tell whether a report was issued and what is printed now is not what it was made from."""
    return changed_since_issue(case) is not None


def _why(version: str, reason: str) -> Block:
    return paragraph(f"{version} 的更正理由：{reason or '没有写明'}")


def _results(earlier: str, later: str, found: Sequence[Difference]) -> Block:
    """Return the indicators that came out otherwise."""
    if not found:
        return paragraph(f"{later} 的24项指标结果与 {earlier} 相同。")
    heads = [Head("更正的指标结果", 44), Head(earlier, 28, "mid"), Head(later, 28, "mid")]
    rows = [[each.label, each.before, each.after] for each in found]
    return paragraph(f"{later} 更正的指标结果：") + table("", heads, rows)


def _issued(case: Case) -> list[Row]:
    return [row for row in rows_of(case, "issues") if row.get("version")]


def issues(case: Case) -> Block:
    """Return the versions that went out, each with its day, what it rests on and why."""
    issued = _issued(case)
    if not issued:
        return paragraph("报告尚未发布。", "empty")
    heads = [Head("版本", 12, "mid"), Head("发布日期", 24, "mid"), Head("办理人", 14, "mid")]
    heads += [Head("冻结编号", 14, "mid"), Head("发布或更正理由", 36)]
    rows = [
        [
            str(row.get("version") or ""),
            chinese_date(str(row["issued_at"])) if row.get("issued_at") else "",
            str(row.get("who") or ""),
            str(row.get("snapshot_no") or ""),
            str(row.get("reason") or ""),
        ]
        for row in issued
    ]
    return table("", heads, rows)


def _present(case: Case) -> str:
    """Return what the version being made is called, an empty text where the last one stands."""
    issued = _issued(case)
    if not issued:
        return ""
    version, state = value(case, "annex_2", "report_version"), state_of(case)
    if version and version != issued[-1].get("version"):
        return version
    steps = case.definitions.transitions.values()
    drafting = {name for step in steps if step.issues for name in step.from_}
    return "更正稿" if state is not None and state.id in drafting else ""


def _corrected(earlier: str, later: str, found: Sequence[Difference], case: Case) -> Block:
    """Return what one version corrected of the one before it."""
    printed = [each for each in found if each.path.partition(".")[0] in PRINTED]
    heads = [Head("更正的内容", 26), Head(f"{earlier}", 37), Head(f"{later}", 37)]
    rows = [list(_row(each, case)) for each in printed]
    lead = paragraph(f"{later} 对 {earlier} 的更正：" + ("" if rows else "正文内容没有更动。"))
    return lead + (table("", heads, rows) if rows else NOTHING) + _others(found, case)


def _row(each: Difference, case: Case) -> Iterator[str]:
    field = _field_at(each.path, case)
    hidden = field is not None and _is_hidden(field)
    yield each.label
    yield from (UNSAID, UNSAID) if hidden else (each.before, each.after)


def _field_at(path: str, case: Case) -> Field | None:
    """Return the field that the longest beginning of a path names."""
    while path and path not in case.definitions.fields:
        path = path.rpartition(".")[0]
    return case.definitions.fields.get(path)


def _is_hidden(field: Field) -> bool:
    return field.type in PRIVATE or field_stays(field) or _has_private_rows(field)


def _has_private_rows(field: Field) -> bool:
    if field.type is not FieldType.TABLE:
        return False
    private = any(column.type in PRIVATE for column in column_fields(field).values())
    return private or may_keep_back(field)


def _others(told: Sequence[Difference], case: Case) -> Block:
    """Count the changes of records that no chapter prints in full."""
    annexes = case.definitions.annexes
    places = (each.path.partition(".")[0] for each in told)
    counted = Counter(annexes[place].mark for place in places if place not in PRINTED)
    if not counted:
        return NOTHING
    words = "、".join(f"{mark}（{count}处）" for mark, count in counted.items())
    return paragraph(f"其间过程记录另有更动：{words}，见案卷。", "note")
