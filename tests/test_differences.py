"""Why what was reported and what was found differ: noted once, printed and checked alike."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from openpyxl import load_workbook

from dxkit import paths
from dxkit.case import Case, open_case
from dxkit.case.causes import CAUSES, read_cause
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.facts import fact
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import stamp_for_nobody
from dxkit.report.comparison import differences

DEFINITIONS = load()
OPEN = "尚未说明原因"


def told(reported: Any, found: Any, reason: str | None = None) -> dict[str, Any]:
    return {"self_reported": reported, "onsite": found, "diff_reason": reason}


PROCESSES = {"key_processes": told(20, 20), "key_processes_nc": told(20, 10, "时点不同：已停用。")}


def case_of(annex_6: dict[str, Any], **annex_2: Any) -> Case:
    return Case(Path("no-such-case"), {"annex_6": annex_6, "annex_2": annex_2}, DEFINITIONS, "")


def printed(case: Case) -> dict[str, str]:
    """Return the last column of table 5-2 by the number of the indicator."""
    page = html.fromstring(f"<div>{differences(diagnose(case)).html}</div>")
    rows = page.xpath(".//table/tbody/tr")
    return {row[0].text_content(): row[-1].text_content() for row in rows}


@pytest.mark.parametrize(
    ("reason", "cause", "words"),
    [
        ("口径理解：数显也计了。", "understanding", "数显也计了。"),
        ("数据时点。自评估取设计数。", "timing", "自评估取设计数。"),
        ("时点不同", "timing", ""),
        ("证据不足:没有合同", "weak_evidence", "没有合同"),
        ("其他企业也这样计。", "", "其他企业也这样计。"),
        ("动平衡机为手动操作，不计。", "", "动平衡机为手动操作，不计。"),
    ],
)
def test_a_reason_may_begin_with_its_cause_and_need_not(reason, cause, words):
    assert read_cause(reason) == (cause, words)


def test_the_causes_of_an_answer_are_those_of_the_report():
    table = next(f for f in DEFINITIONS.annexes["annex_2"].fields if f.key == "difference_causes")
    column = next(each for each in table.columns if each.key == "cause")
    assert list(CAUSES) == [choice.code for choice in column.choices]


def test_what_the_report_does_not_explain_is_told_by_the_answers():
    case = case_of(PROCESSES)
    assert printed(case)["1"] == "数据时点：已停用。"
    assert fact(case, "unexplained_differences") == ()


def test_what_the_report_explains_goes_before_what_the_answers_say():
    row = {"indicator": ["key_process_nc_rate"], "cause": "other", "explanation": "合并了工序。"}
    assert printed(case_of(PROCESSES, difference_causes=[row]))["1"] == "其他：合并了工序。"
    blank = {"indicator": ["key_process_nc_rate"]}
    assert printed(case_of(PROCESSES, difference_causes=[blank]))["1"] == "数据时点：已停用。"


def test_an_explanation_without_a_cause_is_printed_and_enough():
    row = {"indicator": ["key_process_nc_rate"], "explanation": "合并了工序。"}
    case = case_of({**PROCESSES, "key_processes_nc": told(20, 10)}, difference_causes=[row])
    assert printed(case)["1"] == "合并了工序。"
    assert fact(case, "unexplained_differences") == ()


def test_several_reasons_are_told_together_and_their_cause_if_it_is_one():
    def reasons(one: str, other: str) -> str:
        answers = {"data_upward": told("D", "A", one), "orders_downward": told("D", "A", other)}
        return printed(case_of(answers))["11"]

    assert reasons("口径理解：靠人工。", "口径理解：靠广播。") == "口径理解：靠人工；靠广播。"
    assert reasons("口径理解：靠人工。", "靠广播。") == "口径理解：靠人工；靠广播。"
    assert reasons("填报错误：靠人工。", "数据时点。") == "填报错误：靠人工；时点不同。"
    assert reasons("靠人工。", "靠人工。") == "靠人工。"


def test_a_derived_indicator_is_explained_by_the_answers_it_is_derived_from():
    answers = {**PROCESSES, "supply_flow": told("D", "A", "填报错误：没有衔接。")}
    answers |= {"data_upward": told("D", "D"), "orders_downward": told("D", "D")}
    both = case_of(answers)
    assert printed(both)["12"] == "填报错误：没有衔接。"
    assert printed(both)["14"] == "时点不同：已停用；填报错误：没有衔接。"


def test_a_reason_at_an_answer_that_does_not_differ_explains_nothing():
    answers = {
        "key_processes": told(20, 20, "另有两道外协工序不计。"),
        "key_processes_nc": told(20, 10),
    }
    case = case_of(answers)
    assert printed(case)["1"] == OPEN
    name = "指标1 关键工序数控化率（自评100.00%，核定50.00%）"
    assert fact(case, "unexplained_differences") == (name,)


def test_where_reported_and_found_agree_nothing_is_explained():
    answers = {"supply_flow": told("D", "C", "月计划靠人工。")}
    assert printed(case_of(answers))["12"] == "—"


@pytest.mark.parametrize("demo", ["demo-copper", "demo-machinery"])
def test_the_self_check_names_what_the_report_leaves_unexplained(demo):
    case = open_case(paths.parameters() / demo)
    left = [number for number, words in printed(case).items() if words == OPEN]
    named = [each.split(" ")[0] for each in fact(case, "unexplained_differences")]
    assert named == [f"指标{number}" for number in left]


def test_excel_offers_the_causes_and_takes_any_other_text():
    annex = DEFINITIONS.annexes["annex_6"]
    content = form_bytes(annex, DEFINITIONS, None, stamp_for_nobody(annex), "xlsx")
    book = load_workbook(BytesIO(content))
    rules = [rule for page in book for rule in page.data_validations.dataValidation]
    offering = [rule for rule in rules if rule.formula1 == f'"{",".join(CAUSES.values())}"']
    assert offering
    assert {(rule.type, rule.showErrorMessage) for rule in offering} == {("list", False)}
    assert all("也可直接写说明" in rule.prompt for rule in offering)
