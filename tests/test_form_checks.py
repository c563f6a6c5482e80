"""A form's own checks: what its fields and rows must say of each other, and where that is told."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dxkit import definitions, paths
from dxkit.case import Case, create, open_case, writing
from dxkit.case.requiredness import is_required
from dxkit.cli import commands
from dxkit.definitions import Definitions, load
from dxkit.errors import DefinitionError
from dxkit.facts import fact
from dxkit.facts.sampling import rows_wanted
from dxkit.lifecycle import Circumstances, worked_cases
from dxkit.lifecycle.form_checks import Doubt, judge_check
from dxkit.lifecycle.form_remarks import remarks_on
from dxkit.lifecycle.steps import judged
from dxkit.models.annex import Field
from dxkit.models.form_checks import FormCheck

DEFINITIONS = load()
TODAY = date(2026, 10, 20)
PASS = {"given": {}}


def check(needs: dict[str, Any], **more: Any) -> FormCheck:
    told = {"id": "probe", "needs": needs, "says": "应当如此。", "basis": "design"}
    return FormCheck.of({**told, "passes": [PASS], "fails": [PASS], **more})


def found(annex: str, given: dict[str, Any], needs: dict[str, Any], **more: Any) -> Doubt | None:
    case = Case(Path("probe"), {annex: given}, DEFINITIONS, "")
    seen = Circumstances(case, TODAY)
    return judge_check(DEFINITIONS.annexes[annex], check(needs, **more), seen)


def test_every_worked_example_of_every_check_comes_out_as_its_author_wrote() -> None:
    assert list(worked_cases.failures_of_checks(DEFINITIONS)) == []
    checks = [each for form in DEFINITIONS.form_checks.values() for each in form]
    assert len(checks) > 60
    assert all(each.passes and each.fails for each in checks)


def test_an_example_that_comes_out_otherwise_is_told() -> None:
    annex, checks = "annex_3", DEFINITIONS.form_checks["annex_3"]
    wrong = checks[0].model_copy(update={"fails": checks[0].passes})
    twisted = {**vars(DEFINITIONS), "form_checks": {annex: (wrong,)}}
    kept = {key: value for key, value in twisted.items() if key in Definitions.__annotations__}
    (problem,) = worked_cases.failures_of_checks(Definitions(**kept))
    assert (problem.found, problem.expected) == ("没有发现问题", "发现问题")


YEARS = [{"year": 2024, "revenue": 300, "rd_expense": 301}, {"year": 2025, "revenue": 300}]


def test_a_row_is_named_with_both_values() -> None:
    needs = {"value": "rd_expense", "at_most": "revenue"}
    doubt = found("annex_3", {"yearly": YEARS}, needs, table="yearly")
    assert doubt is not None
    assert doubt.culprits == ("第1行：301，不应大于或晚于300",)
    assert doubt.words == "近两年经营与人员：应当如此。（第1行：301，不应大于或晚于300）"


@pytest.mark.parametrize(
    ("needs", "rows", "amiss"),
    [
        (
            {"sum": ["digital_invest_hw", "digital_invest_sw"], "equals": "digital_invest"},
            [{"digital_invest": 0.3, "digital_invest_hw": 0.1, "digital_invest_sw": 0.2}],
            False,
        ),
        (
            {"sum": ["digital_invest_hw", "digital_invest_sw"], "equals": "digital_invest"},
            [{"digital_invest": 0.3, "digital_invest_hw": 0.1, "digital_invest_sw": 0.21}],
            True,
        ),
        (
            {"sum": ["digital_invest_hw", "digital_invest_sw"], "equals": "digital_invest"},
            [{"digital_invest": 0.3, "digital_invest_hw": 0.1}],
            False,
        ),
        ({"total": "staff", "at_most": 10}, [{"staff": 4}, {"staff": 6}], False),
        ({"total": "staff", "at_most": 10}, [{"staff": 4}, {"staff": 7}, {"year": 2025}], True),
        ({"unique": "year"}, [{"year": 2024}, {"year": 2025}, {}], False),
        ({"unique": "year"}, [{"year": 2025}, {"year": 2025}], True),
        ({"consecutive": "year"}, [{"year": 2025}, {"year": 2024}], False),
        ({"consecutive": "year"}, [{"year": 2025}, {"year": 2023}], True),
        ({"value": "year", "below": "today"}, [{"year": 2025}], False),
        ({"value": "year", "below": "today"}, [{"year": 2026}], True),
        ({"value": "staff", "differs_from": "year"}, [{"year": 2025, "staff": 2025}], True),
        ({"filled": ["staff"]}, [{"year": 2025}], True),
    ],
)
def test_rows_are_compared_as_their_kind_says(
    needs: dict[str, Any], rows: list[dict[str, Any]], amiss: bool
) -> None:
    assert bool(found("annex_3", {"yearly": rows}, needs, table="yearly")) is amiss


def test_a_blank_value_is_nothing_to_be_checked() -> None:
    assert found("annex_3", {"it_staff": 3}, {"value": "founded_on", "at_most": "today"}) is None
    needs = {"value": "it_staff", "at_most": "fact.staff_last_year"}
    assert found("annex_3", {"it_staff": 3}, needs) is None


def test_working_days_and_plain_days_are_counted_as_asked() -> None:
    given = {"comment_from": "2026-10-30", "comment_due": "2026-11-02"}
    needs = {"days": ["comment_from", "comment_due"], "at_least": 3}
    assert found("annex_2", given, needs) is None
    doubt = found("annex_2", given, {**needs, "working": True})
    assert doubt is not None and doubt.culprits == ("相距1个工作日",)


def test_the_rows_of_a_grid_are_named_by_their_labels() -> None:
    given = {"rating": {"s02": "1"}}
    doubt = found(
        "annex_8", given, {"filled": ["rating_reason"]}, table="ratings", where={"rating": ["1"]}
    )
    assert doubt is not None
    assert doubt.culprits == ("S2 组长（专家）水平与现场把控：未填写原因（2分及以下必填）",)


def test_what_is_not_covered_is_listed() -> None:
    agenda = [{"indicators": [each.id for each in DEFINITIONS.indicators[:23]]}]
    doubt = found("annex_4", {"agenda": agenda}, {"covers": "indicators"}, table="agenda")
    assert doubt is not None and doubt.culprits == ("缺指标24",)


def test_a_form_nobody_began_is_not_remarked_on() -> None:
    assert remarks_on("annex_3", Circumstances(Case(Path("p"), {}, DEFINITIONS, ""), TODAY)) == []


def test_more_than_a_few_places_are_counted() -> None:
    rows = [{"year": year, "revenue": 1, "rd_expense": 2} for year in range(2010, 2020)]
    needs = {"value": "rd_expense", "at_most": "revenue"}
    doubt = found("annex_3", {"yearly": rows}, needs, table="yearly")
    assert doubt is not None and doubt.words.endswith("等10处）")


# What is required only sometimes


def conditional(**condition: Any) -> Field:
    told = {"key": "x", "label": "项", "type": "text", "basis": "design"}
    return Field.of({**told, "required": "conditional", "required_if": condition})


LADDER = Field.of(
    {
        "key": "step",
        "label": "阶段",
        "type": "choice",
        "basis": "design",
        "choices": [{"code": each, "label": each} for each in ("none", "a", "b", "c")],
    }
)
BESIDE = {"step": LADDER, "n": LADDER, "yes": LADDER}


@pytest.mark.parametrize(
    ("condition", "beside", "required"),
    [
        ({"question": "step", "at_least": "b"}, {"step": "c"}, True),
        ({"question": "step", "at_least": "b"}, {"step": "a"}, False),
        ({"question": "step", "at_least": "b"}, {}, False),
        ({"question": "step", "names": "anything", "besides": ["a"]}, {"step": "a"}, False),
        ({"question": "step", "names": "anything", "besides": ["a"]}, {"step": "b"}, True),
        ({"question": "step", "names": "anything"}, {"step": ["none"]}, False),
        ({"question": "yes", "is": "yes"}, {"yes": True}, True),
        ({"question": "yes", "is": "yes"}, {"yes": False}, False),
        ({"question": "n", "above": 0}, {"n": 0}, False),
        ({"question": "n", "above": 0}, {"n": 0.5}, True),
        (
            {"all": [{"question": "n", "above": 0}, {"question": "yes", "is": "yes"}]},
            {"n": 1, "yes": False},
            False,
        ),
        (
            {"any": [{"question": "n", "above": 0}, {"question": "yes", "is": "yes"}]},
            {"n": 1, "yes": False},
            True,
        ),
    ],
)
def test_a_conditional_field_is_required_when_what_stands_beside_asks_for_it(
    condition: dict[str, Any], beside: dict[str, Any], required: bool
) -> None:
    assert is_required(conditional(**condition), beside, BESIDE) is required


def field_of(annex: str, key: str) -> Field:
    return next(each for each in DEFINITIONS.annexes[annex].fields if each.key == key)


def made(tmp_path: Path, **content: Any) -> Case:
    folder = tmp_path / "probe"
    create(folder, {"engagement": {"year": 2026, "serial_no": 7}, **content}, DEFINITIONS, "测试")
    return open_case(folder, DEFINITIONS)


def test_a_task_on_site_without_a_place_is_remarked_on_and_one_before_is_not(
    tmp_path: Path,
) -> None:
    tasks = [
        {"stage": "preparation", "task": "组队"},
        {"stage": "implementation", "task": "启动会"},
    ]
    seen = Circumstances(made(tmp_path, annex_4={"tasks": tasks}), TODAY)
    (line,) = (r.words for r in remarks_on("annex_4", seen) if r.words.startswith("视情况"))
    assert line == "视情况须填而未填：任务安排表第2行：地点、任务安排表第2行：企业配合部门或人员"


def test_a_self_check_without_who_checked_and_when_is_remarked_on_item_by_item(
    tmp_path: Path,
) -> None:
    rows = [row.code for row in field_of("annex_1", "self_check").rows]
    by, on = dict.fromkeys(rows, "甲"), dict.fromkeys(rows, "2026-11-03")
    del by["c03"], on["c15"]
    result = dict.fromkeys(("c15", "c16", "c17", "c18"), "pass")
    told = made(tmp_path, annex_1={"result": result, "checked_by": by, "checked_on": on})
    (line,) = (
        r.words for r in remarks_on("annex_1", Circumstances(told, TODAY)) if "必填" in r.words
    )
    assert line == ("必填而未填：自检项第3项：检查人、自检项第15项：日期、自检项第19项：结果"), (
        "what the system judges has no result to be filled in"
    )


# Where it is told


@pytest.fixture
def dairy(tmp_path: Path) -> Path:
    folder = tmp_path / "demo-dairy"
    shutil.copytree(paths.parameters() / "demo-dairy", folder)
    return folder


def test_the_command_lists_everything_and_ends_with_1_if_there_is_anything(dairy: Path) -> None:
    with writing(dairy, "测试") as writer:
        writer.set("annex_4.tasks.8.place", None)
    told = CliRunner().invoke(commands, ["form", "check", str(dairy), "--annex", "4"])
    assert "核对：附件4 视情况须填而未填" in told.output
    assert re.search(r"共 \d+ 条。", told.output)
    clean = CliRunner().invoke(commands, ["form", "check", str(dairy), "--annex", "辅-10"])
    assert "没有需要核对之处" in clean.output


def test_a_step_points_out_what_its_forms_say_against_themselves_and_notes_it_down(
    tmp_path: Path,
) -> None:
    case = made(tmp_path, annex_3={"applied_on": "2026-09-16", "filing_consent": False})
    step = judged(DEFINITIONS.transitions["T06"], Circumstances(case, TODAY))
    assert any("不同意报送" in remark.words for remark in step.remarks)
    assert {remark.mark for remark in step.remarks} == {"附件3"}


def test_reading_a_form_back_says_what_in_it_does_not_agree(tmp_path: Path) -> None:
    case = made(tmp_path, annex_3={"it_staff": 9})
    file = tmp_path / "yearly.csv"
    file.write_text("年度,年末从业人数\n2025,5\n", encoding="utf-8")
    asked = ["form", "import", str(case.folder), str(file), "--annex", "3", "--yes"]
    told = CliRunner().invoke(commands, [*asked, "--table", "yearly"]).output
    assert "已写入" in told
    assert "数字化专兼职人员数不超过年末从业人数" in told


# The definitions


def test_a_check_that_dangles_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "dxkit"
    shutil.copytree(
        paths.definitions(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    file = folder / "form_checks" / "annex_3.yaml"
    text = file.read_text(encoding="utf-8")

    def problems(change: Callable[[str], str]) -> str:
        file.write_text(change(text), encoding="utf-8")
        with pytest.raises(DefinitionError) as caught:
            load_anew(folder)
        return str(caught.value)

    assert "没有“founded”" in problems(lambda t: t.replace("value: founded_on", "value: founded"))
    assert "明细表或矩阵" in problems(lambda t: t.replace("table: products", "table: goods"))
    assert "没有“fact.nothing”" not in problems(lambda t: t.replace('is: ["true"]', 'is: ["si"]'))
    assert "已有的一张表" in problems(lambda t: t.replace("annex: annex_3", "annex: annex_33"))


def load_anew(folder: Path) -> Definitions:
    return definitions._load.__wrapped__(folder.resolve())


# Facts that the checks and rules rest on


@pytest.mark.parametrize(("rows", "wanted"), [(12, 12), (30, 30), (31, 10), (140, 14), (900, 50)])
def test_how_many_rows_of_the_equipment_list_are_looked_at(rows: int, wanted: int) -> None:
    assert rows_wanted(rows) == wanted


def test_a_category_whose_sample_is_wrong_in_more_than_a_tenth_is_counted_again(
    tmp_path: Path,
) -> None:
    rows = [
        {"cat": "production", "name": f"机床{n}", "sampled": True, "sample_ok": n > 1}
        for n in range(10)
    ]
    case = made(tmp_path, annex_6={"equipment_list": rows})
    assert fact(case, "categories_to_recount") == ("生产设备（抽查10行，不符2行）",)
    assert fact(case, "sampling_gaps") == ()


def test_a_target_below_the_present_value_or_against_a_yes_is_amiss(tmp_path: Path) -> None:
    targets = [
        {"indicator": ["key_process_nc_rate"], "target_rate": 40},
        {"indicator": ["key_process_nc_rate"], "target_rate": 50},
        {"indicator": ["smart_products"], "target_reached": False},
    ]
    case = made(
        tmp_path,
        annex_6={"key_processes": 20, "key_processes_nc": 10},
        annex_2={"targets": targets},
    )
    assert fact(case, "targets_amiss") == (
        "指标1关键工序数控化率的目标40%低于现值50.00%",
        "指标15实现智能化产品生产的企业比例的目标应为“是”",
    )


def test_the_hours_of_the_agenda_add_up(tmp_path: Path) -> None:
    agenda = [
        {"held_on": "2026-10-13", "start_at": "08:30", "end_at": "12:00"},
        {"held_on": "2026-10-13", "start_at": "13:30", "end_at": "17:45"},
    ]
    assert fact(made(tmp_path, annex_4={"agenda": agenda}), "agenda_hours") == 7.75
