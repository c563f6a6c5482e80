"""What a case says by itself: every expected value here was worked out by hand from the rows."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxkit import paths
from dxkit.case import Case, create, journal, open_case, writing
from dxkit.case.words import chinese_date
from dxkit.definitions import Definitions, load
from dxkit.facts import FACTS, defined, fact, facts_of
from dxkit.models.annex import FieldType
from dxkit.synth import synthesise

DEFINITIONS: Definitions = load()
TODAY = date(2026, 10, 21)


def case_of(definitions: Definitions = DEFINITIONS, **annexes: Any) -> Case:
    """Return a case that holds some annexes and nothing else, on no disk."""
    return Case(Path("no-such-case"), annexes, definitions, "")


def tell(name: str, **annexes: Any) -> Any:
    return fact(case_of(**annexes), name, TODAY)


def present(day: str, arrived: str, left: str) -> dict[str, str]:
    return {"date": day, "arrived": arrived, "left": left}


# Days and hours on site


@pytest.mark.parametrize(
    ("rows", "hours", "days"),
    [
        ([present("2026-11-17", "09:00", "16:40")], 7.67, 1.0),
        ([present("2026-11-17", "08:30", "14:30")], 6.0, 1.0),
        ([present("2026-11-17", "08:30", "14:15")], 5.75, 0.71),
        ([present("2026-11-17", "08:30", "12:30"), present("2026-11-18", "08:30", "12:30")], 8, 1),
        (
            [present("2026-11-17", "08:30", "12:30"), present("2026-11-17", "10:30", "13:30")],
            5,
            0.62,
        ),
        (
            [present("2026-11-17", "08:00", "18:00"), present("2026-11-18", "08:00", "18:00")],
            20,
            2.5,
        ),
        ([{"date": "2026-11-17", "arrived": "08:30"}], None, None),
        ([], None, None),
    ],
)
def test_time_on_site_is_hours_or_long_days_whichever_is_more(
    rows: list[dict[str, str]], hours: float | None, days: float | None
) -> None:
    assert tell("onsite_hours", annex_6={"presence": rows}) == hours
    assert tell("onsite_days", annex_6={"presence": rows}) == pytest.approx(days)


@pytest.mark.parametrize(
    ("mode", "types", "hours"),
    [
        ("onsite", ["closing"], 7),
        ("online", ["closing"], 4),
        ("mixed", ["closing"], 4),
        ("onsite", ["briefing"], 4),
    ],
)
def test_only_meetings_of_the_visit_held_there_are_time_on_site(
    mode: str, types: list[str], hours: float
) -> None:
    meeting = {"held_on": "2026-11-18", "start_at": "14:00", "end_at": "17:00"}
    found = tell(
        "onsite_hours",
        annex_5={"meetings": [{**meeting, "mode": mode, "types": types}]},
        annex_6={"presence": [present("2026-11-17", "08:00", "12:00")]},
    )
    assert found == hours


def test_hours_of_a_day_follow_the_policy() -> None:
    policy = DEFINITIONS.policies["hours_per_day"].model_copy(update={"value": 5})
    other = replace(DEFINITIONS, policies={**DEFINITIONS.policies, "hours_per_day": policy})
    case = case_of(other, annex_6={"presence": [present("2026-11-17", "08:00", "12:00")]})
    assert fact(case, "onsite_days") == 0.8


def test_the_first_day_on_site_is_the_planned_one_until_somebody_came() -> None:
    plan, notice = {"plan_onsite_from": "2026-10-20"}, {"onsite_from": "2026-10-13"}
    assert tell("first_onsite_on") is None
    assert tell("first_onsite_on", annex_4=plan) == "2026-10-20"
    assert tell("first_onsite_on", annex_4=plan, aux_2=notice) == "2026-10-13"
    came = {"site_walks": [{"walked_at": "2026-10-12 10:00", "area": "熔炼厂"}]}
    assert tell("first_onsite_on", annex_4=plan, aux_2=notice, annex_6=came) == "2026-10-12"


def test_hours_stand_beside_each_row_of_presence() -> None:
    rows = [present("2026-11-17", "08:30", "12:15"), {"date": "2026-11-18"}, {}]
    assert tell("presence_hours", annex_6={"presence": rows}) == (3.75, None, None)


# Team and plan


TEAM = [
    {"name": "郑虚构", "role": "leader", "exp_years": 21, "onsite": True},
    {"name": "唐虚构", "role": "recorder", "exp_years": 0, "onsite": True},
]


def test_the_team_is_told_with_its_roles() -> None:
    assert tell("team_members", annex_4={"members": TEAM}) == "郑虚构（组长）、唐虚构（记录员）"
    assert tell("leader_name", annex_4={"members": TEAM}) == "郑虚构"
    two = [{**TEAM[0]}, {**TEAM[1], "role": "leader"}]
    assert tell("leader_name", annex_4={"members": two}) is None
    assert tell("members_without_experience", annex_4={"members": TEAM}) == ("唐虚构",)


def test_somebody_listed_twice_is_one_member() -> None:
    names = ("郑虚构", "郑 虚构", "梁虚构", None)
    rows = [{"name": name, "onsite": name == "郑虚构"} for name in names]
    assert tell("team_size", annex_4={"members": rows}) == 2
    assert tell("team_size_onsite", annex_4={"members": rows}) == 1


def test_who_promised_secrecy_and_when() -> None:
    promises = [
        {"party": "郑虚构", "signed": True, "signed_on": "2026-10-13"},
        {"party": "唐虚构", "signed": False, "signed_on": "2026-10-01"},
        {"party": "路人", "signed": True, "signed_on": "2026-12-01"},
    ]
    annexes: dict[str, Any] = {
        "annex_4": {"members": TEAM},
        "aux_1": {"personal_commitments": promises},
        "annex_6": {"presence": [present("2026-10-13", "08:30", "17:00")]},
    }
    assert tell("members_without_commitment", **annexes) == ("唐虚构",)
    assert tell("late_commitments", **annexes) == ()  # the same day is not too late
    annexes["annex_6"] = {"presence": [present("2026-10-12", "08:30", "17:00")]}
    assert tell("late_commitments", **annexes) == ("郑虚构",)
    assert tell("members_without_commitment") is None


def test_tasks_are_held_against_period_and_order() -> None:
    tasks = [
        {"stage": "preparation", "seq": 1, "task": "组建", "start": "2026-09-02 09:00"},
        {
            "stage": "implementation",
            "seq": 2,
            "task": "数字化宣贯培训会",
            "start": "2026-10-13 09:00",
        },
        {
            "stage": "summary",
            "seq": 3,
            "task": "向主要负责人汇报",
            "start": "2026-10-12 09:00",
            "end": "2026-12-01 17:00",
        },
        {
            "stage": "summary",
            "seq": 4,
            "task": "取消的",
            "start": "2027-01-01 09:00",
            "status": "cancelled",
        },
    ]
    plan = {
        "implementation_period_start": "2026-09-01",
        "implementation_period_end": "2026-11-30",
        "tasks": tasks,
    }
    assert tell("tasks_outside_period", annex_4=plan) == ("3 向主要负责人汇报",)
    assert tell("stages_out_of_order", annex_4=plan) == ("总结阶段早于前一阶段开始",)
    assert tell("planned_trainings", annex_4=plan) == 1
    assert tell("planned_briefings", annex_4=plan) == 1
    assert tell("tasks_outside_period", annex_4={"tasks": tasks}) is None
    assert tell("days_to_period_end", annex_4=plan) == 40  # 21 October to 30 November


def test_gaps_name_required_fields_and_leave_signatures_to_their_own_rule() -> None:
    annex = {"enterprise_name": "甲厂", "plant_addresses": [{"name": "一厂", "address": "路1号"}]}
    gaps = tell("application_gaps", annex_3=annex)
    assert "企业名称（全称）" not in gaps
    assert "生产地址第1行：是否纳入本次诊断" in gaps
    assert "申请日期" in gaps
    left_out = {
        "法定代表人或授权代表签字",
        "企业盖章",
        "真实性承诺",
        "诊断服务机构接收人",
        "所在园区",
    }
    assert not left_out & set(gaps)
    assert tell("application_gaps") is None


# Meetings, training, briefing

KICKOFF = {"meeting_no": "M01", "types": ["kickoff", "opening"], "held_on": "2026-10-13"}


def sheet(number: str, *names: str, side: str = "group", sign: Any = True) -> list[dict[str, Any]]:
    return [{"meeting_no": [number], "name": n, "org_side": side, "sign": sign} for n in names]


def test_a_sign_in_is_a_scan_or_everybodys_electronic_signature() -> None:
    def unsigned(meeting: Mapping[str, Any], rows: list[dict[str, Any]]) -> Any:
        annex = {"meetings": [meeting], "attendees": rows}
        return tell("kickoff_without_signin", annex_5=annex)

    paper, images = sheet("M01", "甲"), sheet("M01", "甲", "乙", sign="evidence/s.png")
    assert unsigned({**KICKOFF, "scan": "evidence/M01.pdf"}, []) == ()
    assert unsigned(KICKOFF, images) == ()
    assert unsigned(KICKOFF, [*images, *paper]) == ("M01 2026-10-13",)
    assert unsigned(KICKOFF, sheet("M02", "甲", sign="evidence/s.png")) == ("M01 2026-10-13",)
    assert tell("kickoff_without_signin") is None


def test_one_meeting_of_two_kinds_serves_both_and_one_good_meeting_is_enough() -> None:
    again = {"meeting_no": "M09", "types": ["kickoff"], "held_on": "2026-10-20"}
    annex = {"meetings": [{**KICKOFF, "photos": ["PH-001"]}, again]}
    log = {"photos": [{"photo_no": "PH-001", "file": "evidence/1.jpg", "consent": "yes"}]}
    assert tell("kickoff_without_photos", annex_5=annex, aux_4=log) == ()
    assert tell("kickoff_on", annex_5=annex) == tell("opening_on", annex_5=annex) == "2026-10-13"
    assert tell("opening_without_minutes", annex_5=annex) == ("M01 2026-10-13",)
    minutes = {"minutes": [{"minutes_no": "MIN-01", "meeting_no": "M01", "key_points": "确认日程"}]}
    assert tell("opening_without_minutes", annex_5=annex, aux_3=minutes) == ()


def test_only_registered_photos_that_may_be_taken_prove_a_meeting() -> None:
    def lacking(photo: dict[str, Any], **meeting: Any) -> Any:
        annexes = {"annex_5": {"meetings": [{**KICKOFF, **meeting}]}, "aux_4": {"photos": [photo]}}
        banned = {"restricted_areas": "贵金属车间全部区域不得拍照"}
        return tell("kickoff_without_photos", annex_3=banned, **annexes)

    nothing, missing = (), ("M01 2026-10-13",)
    photo = {"photo_no": "PH-001", "node": "kickoff", "file": "evidence/1.jpg"}
    assert lacking(photo) == nothing
    assert lacking({**photo, "taken_at": "2026-10-13 08:40"}) == nothing
    assert lacking({**photo, "taken_at": "2026-10-12 08:40"}) == missing
    assert lacking({**photo, "node": "site"}) == missing
    assert lacking({**photo, "node": "site"}, photos=["PH-001"]) == nothing
    assert lacking({**photo, "file": None}) == missing
    assert lacking({**photo, "consent": "no"}) == missing
    assert lacking({**photo, "place": "贵金属车间二层"}) == missing
    assert lacking({**photo, "place": "贵金属车间二层", "consent": "masked"}) == nothing
    assert lacking({}, photos_count=4) == missing


def test_a_file_counts_only_if_it_lies_inside_the_case(tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(b"x")
    meetings = {"meetings": [{**KICKOFF, "scan": "evidence/M01.png"}]}
    case = create(tmp_path / "t", {"annex_5": meetings}, DEFINITIONS, "测试")
    assert fact(case, "kickoff_without_signin", TODAY) == ("M01 2026-10-13",)
    (case.folder / "evidence").mkdir(exist_ok=True)
    (case.folder / "evidence/M01.png").write_bytes(b"x")
    assert fact(case, "kickoff_without_signin", TODAY) == ()
    for path in ("evidence", "../outside.png", "纸质签到表存机构档案柜", "", "\0"):
        told = {"annex_5": {"meetings": [{**KICKOFF, "scan": path}]}}
        astray = replace(case, data={**case.data, **told})
        assert fact(astray, "kickoff_without_signin", TODAY) == ("M01 2026-10-13",)


def test_one_held_meeting_must_have_everything_that_another_lacks() -> None:
    first = {"meeting_no": "M03", "types": ["closing"], "held_on": "2026-10-14"}
    minutes = {"meeting_no": "M03", "completion": "全部", "problems": "六个", "proposals": "分步"}
    later = {**first, "meeting_no": "M04", "scan": "evidence/M04.png", "held_on": "2026-10-22"}

    def faults(*rows: dict[str, Any]) -> Any:
        told = {"annex_5": {"meetings": list(rows)}, "aux_3": {"minutes": [minutes]}}
        return tell("closing_meeting_faults", **told)

    assert faults() == ("没有登记末次会议",)
    assert faults(first, later) == ("M03 2026-10-14：缺签到", "M04 2026-10-22：还没有召开")
    assert faults({**first, "scan": "evidence/M03.png"}, later) == ()


def test_a_photographed_meeting_does_not_stand_in_for_the_signed_one() -> None:
    shot = {"photo_no": "PH-001", "file": "evidence/1.jpg", "consent": "yes"}
    minutes = {"meeting_no": "M03", "completion": "全部", "problems": "六个", "proposals": "分步"}

    def lacking(name: str, kind: str, signed: dict[str, Any], other: dict[str, Any]) -> Any:
        first = {"meeting_no": "M03", "types": [kind], "held_on": "2026-10-13", **signed}
        later = {"meeting_no": "M04", "types": [kind], "held_on": "2026-10-14", **other}
        told = {"annex_5": {"meetings": [first, later]}, "aux_3": {"minutes": [minutes]}}
        return tell(name, aux_4={"photos": [shot]}, **told)

    scan, photos = {"scan": "evidence/M03.png"}, {"photos": ["PH-001"]}
    for name, kind in (
        ("kickoff_without_photos", "kickoff"),
        ("closing_without_photos", "closing"),
    ):
        assert lacking(name, kind, scan, photos) == ("M03 2026-10-13",)
        assert lacking(name, kind, {**scan, **photos}, {}) == ()
        # While none is signed, that is what ask for; the photographs do count.
        assert lacking(name, kind, {}, photos) == ()


def test_a_meeting_still_to_come_covers_and_teaches_nothing() -> None:
    coming = {**KICKOFF, "held_on": "2026-12-01", "types": ["kickoff", "closing", "training"]}
    annexes = {"annex_5": {"meetings": [coming], "attendees": sheet("M01", "唐虚构")}}
    told = facts_of(case_of(**annexes), date(2026, 11, 1))
    for name in (
        "kickoff_topics_not_covered",
        "closing_topics_not_covered",
        "opening_attendance_faults",
        "departments_not_trained",
    ):
        assert told[name] is None


def test_signatures_are_counted_and_numbered_sheet_by_sheet() -> None:
    rows = [
        *sheet("M01", "王示例", "郑虚构"),
        *sheet("M02", "刘示例"),
        *sheet("M01", "孙示例", sign=False),
    ]
    annex = {"meetings": [KICKOFF, {"meeting_no": "M02"}, {}], "attendees": rows}
    told = facts_of(case_of(annex_5=annex, annex_3={"principal": "王示例"}))
    assert told["meeting_attendance"] == (2, 1, 0)
    assert told["attendee_numbers"] == (1, 2, 1, 3)
    assert told["attendee_is_principal"] == ("是", "否", "否", "否")


def test_who_should_have_been_at_the_first_meeting() -> None:
    annexes = {
        "annex_3": {"principal": "王示例", "digital_leader": "张示例"},
        "annex_4": {"members": TEAM},
        "annex_5": {"meetings": [KICKOFF], "attendees": sheet("M01", "唐虚构", "张示例")},
    }
    faults = ("M01 2026-10-13：工作组只有 1 人签到", "M01 2026-10-13：组长未签到")
    assert tell("opening_attendance_faults", **annexes) == faults  # two of the group were planned


def test_two_meetings_at_once_are_one_meeting_of_two_kinds() -> None:
    one = {"meeting_no": "M01", "types": ["kickoff"], "held_on": "2026-10-13", "start_at": "08:30"}
    other = {**one, "meeting_no": "M02", "types": ["opening"]}
    later = {**other, "start_at": "10:30"}
    named = ("M01 2026-10-13", "M02 2026-10-13")
    assert tell("meetings_merged_unsaid", annex_5={"meetings": [one, other]}) == named
    assert tell("meetings_merged_unsaid", annex_5={"meetings": [one, later]}) == ()


def test_trainings_that_count() -> None:
    good = {
        "topic": "转型方法",
        "is_digital_topic": True,
        "counts_for_5_3": True,
        "held_on": "2026-10-13",
    }
    apart = {**good, "meeting_no": "M05", "trainer": "郑虚构"}
    rows = [
        {**good, "meeting_no": "M02"},
        apart,
        {**good, "counts_for_5_3": False},
        {**good, "topic": None},
    ]
    promotion = {"meeting_no": "M02", "types": ["training"]}
    own = {"meeting_no": "M05", "types": ["topic_training"], "scan": "evidence/M05.png"}

    def told(name: str, *meetings: dict[str, Any], trainings: list[dict[str, Any]]) -> Any:
        meeting_rows = {"meetings": list(meetings)}
        return tell(name, aux_5={"trainings": trainings}, annex_5=meeting_rows)

    assert told("digital_trainings", promotion, own, trainings=rows) == 2
    assert told("separate_topic_trainings", promotion, own, trainings=rows) == 1
    assert told("separate_topic_trainings", promotion, trainings=rows) == 0
    unsigned = {key: value for key, value in own.items() if key != "scan"}
    assert told("separate_topic_trainings", promotion, unsigned, trainings=rows) == 0
    untaught = [{**apart, "trainer": None}]
    assert told("separate_topic_trainings", promotion, own, trainings=untaught) == 0


def test_a_training_or_briefing_without_a_day_has_that_of_its_meeting() -> None:
    meetings = {"meetings": [{"meeting_no": "M02", "types": ["training"], "held_on": "2026-10-13"}]}
    row = {"meeting_no": "M02", "topic": "方法", "is_digital_topic": True, "counts_for_5_3": True}
    told = {"annex_5": meetings, "aux_5": {"trainings": [row]}}
    assert tell("digital_trainings", **told) == 1
    briefings = {"briefings": [{"meeting_no": "M02", "presenter": "郑虚构"}]}
    assert tell("briefings_held", annex_5=meetings, aux_6=briefings) == 1
    assert tell("first_briefing_on", annex_5=meetings, aux_6=briefings) == "2026-10-13"
    assert tell("briefings_held", aux_6=briefings) == 0


def test_what_is_planned_is_told_by_its_clause_or_by_its_subject() -> None:
    def counts(**task: str) -> tuple[int, int]:
        plan = {"tasks": [task]}
        names = ("planned_trainings", "planned_briefings")
        first, second = (tell(name, annex_4=plan) for name in names)
        return first, second

    assert counts(task="召开宣贯培训会") == (1, 0)
    assert counts(task="集中学习", clause="4.4.1（2）；5.3") == (1, 0)
    assert counts(task="工作组内部保密培训", clause="4.1(3)") == (0, 0)
    assert counts(task="向盟市工信局定期汇报进度（5.1）") == (0, 0)
    assert counts(task="诊断情况沟通（5.4）") == (0, 1)
    assert counts(task="向企业主要负责人汇报") == (0, 1)
    assert counts(task="见15.4和5.31", clause="5.4.1") == (0, 0)


def test_a_briefing_counts_with_principal_contents_and_draft() -> None:
    right = {
        "briefing_no": "B01",
        "held_on": "2026-11-06",
        "principal_name": "王示例",
        "principal_signed": True,
        "contents": ["due_diligence", "report_explained"],
    }

    def told(name: str, today: date = date(2026, 11, 30), **annexes: Any) -> Any:
        return fact(case_of(**annexes), name, today)

    annexes: dict[str, Any] = {
        "annex_3": {"principal": "王示例"},
        "annex_2": {"comment_from": "2026-10-26", "issued_on": "2026-11-05"},
        "aux_6": {"briefings": [right]},
    }
    assert told("principal_missed_briefing", **annexes) == told("briefing_faults", **annexes) == ()
    assert told("review_draft_on", **annexes) == "2026-10-26"
    ahead = ("B01 2026-11-06：汇报日期（2026-11-06）还没有到",)
    assert told("briefing_faults", date(2026, 11, 5), **annexes) == ahead
    early = {**right, "held_on": "2026-10-25"}
    fault = ("B01 2026-10-25：汇报早于报告征求意见日期（2026-10-26）",)
    assert told("briefing_faults", **{**annexes, "aux_6": {"briefings": [early]}}) == fault
    assert told("briefing_faults", **{**annexes, "aux_6": {"briefings": [early, right]}}) == ()
    unsigned = {**right, "principal_signed": False}
    missed = ("B01 2026-11-06：主要负责人未签字",)
    annexes["aux_6"] = {"briefings": [unsigned]}
    assert told("principal_missed_briefing", **annexes) == missed


# What was asked and seen


def test_questions_that_do_not_arise_are_not_missing() -> None:
    key = "Q03.2 使用的数字化研发设计工具"
    assert key not in tell("unanswered_questions", annex_6={"has_design_activity": False})
    assert key in tell("unanswered_questions", annex_6={"has_design_activity": True})


def test_what_the_application_says_answers_no_question_until_it_is_found_so() -> None:
    key, applied = "A2 数字化部门设置", {"it_dept": "independent"}
    assert key in tell("unanswered_questions", annex_3=applied)
    found = {"digital_department": "independent"}
    assert key not in tell("unanswered_questions", annex_3=applied, annex_6=found)


def test_a_table_that_must_be_filled_in_has_a_row_that_counts() -> None:
    def missing(**record: Any) -> set[str]:
        return {each for each in tell("unanswered_questions", annex_6=record) if "清单" in each}

    none_counts = {"关键工序清单：没有一行属于“Q01.1 关键工序总数”"}
    assert missing(key_processes=3) == {"关键工序清单"}
    assert missing(key_processes=3, key_process_list=[{}, {"process_name": ""}]) == {"关键工序清单"}
    rows = [{"process_name": "包装", "is_key": False}]
    assert missing(key_processes=3, key_process_list=rows) == none_counts
    assert missing(key_processes=0, key_process_list=rows) == none_counts
    declared = {"onsite": 0, "remark": "只做装配，没有工艺文件规定的关键工序"}
    assert missing(key_processes=declared, key_process_list=rows) == set()
    assert missing(key_process_list=[{"process_name": "熔炼", "is_key": True}]) == set()
    walks = tell("unanswered_questions", annex_6={"interviews": [{"interviewee": "王示例"}]})
    assert "现场巡视记录" in walks and "访谈记录" not in walks
    assert "系统演示记录" not in walks  # not required by its form


def test_an_answer_may_be_a_value_a_reason_or_a_sum_of_rows() -> None:
    key = "Q01.1 关键工序总数"
    rows = [{"process_name": "熔炼", "is_key": True, "nc": True}]
    assert key in tell("unanswered_questions", annex_6={"key_processes": {"self_reported": 3}})
    assert key not in tell("unanswered_questions", annex_6={"key_processes": 0})
    assert key not in tell("unanswered_questions", annex_6={"key_process_list": rows})
    level = {"levels": {"warehouse": "not_applicable"}}
    assert "仓储物流" in tell("unanswered_questions", annex_6=level)  # no reason given
    level = {"levels": {"warehouse": {"not_applicable": "电厂没有成品仓储"}}}
    assert "仓储物流" not in tell("unanswered_questions", annex_6=level)


def test_methods_are_counted_over_answers_and_site_records() -> None:
    annex = {
        "key_processes": {"onsite": 17, "methods": ["site_walk", "document_review"]},
        "has_ics": {"onsite": True},
        "site_walks": [{"area": "熔炼厂"}],
        "warehouse_checks": [{"warehouse": "成品库"}],
    }
    used = tell("methods_used", annex_6=annex)
    assert used["site_walk"] == 3 and used["document_review"] == 1 and used["interview"] == 0
    assert tell("methods_used_count", annex_6=annex) == 2
    assert tell("answers_without_method", annex_6=annex) == ("Q18.1 是否有工业控制系统",)


def test_a_record_is_late_by_the_last_visit_before_it() -> None:
    annex = {
        "presence": [
            present("2026-10-13", "08:30", "17:00"),
            present("2026-10-20", "08:30", "12:00"),
        ],
        "key_processes": {"onsite": 17, "recorded_at": "2026-10-16 09:00"},  # three days: in time
        "equipment": {"onsite": 200, "recorded_at": "2026-10-17 09:00"},  # four days: late
        "has_ics": {"onsite": True, "recorded_at": "2026-10-21 09:00"},  # the day after the second
        "lines_total": {"onsite": 7, "recorded_at": "2026-10-12 09:00"},  # before any visit
    }
    assert tell("late_records", annex_6=annex) == (
        "Q02.1 生产设备总数（2026-10-17 09:00，离场4天之后）",
        "Q11.3-2 产线总数（2026-10-12 09:00，早于首次进场）",
    )
    bare = {"presence": annex["presence"], "key_processes": 17, "equipment": 200}
    assert tell("late_records", annex_6=bare) == ("2个答案没有写明记录时间",)
    assert tell("late_records", annex_6={"key_processes": 17}) is None


def test_what_was_not_seen_on_site() -> None:
    walks = [{"area": "熔炼厂", "subjects": ["equipment"]}]
    assert tell("site_verification_gaps", annex_6={"site_walks": walks}) == (
        "生产线",
        "软件系统",
        "仓储物流",
    )
    shown = {
        "site_walks": [{"subjects": ["equipment", "lines", "warehouse"]}],
        "demonstrations": [{"system": "ERP"}],
    }
    assert tell("site_verification_gaps", annex_6=shown) == ()


def test_records_lie_between_first_and_last_meeting() -> None:
    meetings = [
        {"types": ["opening"], "held_on": "2026-10-13"},
        {"types": ["closing"], "held_on": "2026-10-14"},
    ]
    interviews = [
        {"held_at": "2026-10-12 17:00", "interviewee": "甲"},
        {"held_at": "2026-10-14 09:00", "interviewee": "乙"},
        {"held_at": "2026-10-15 09:00", "interviewee": "丙"},
        {},
    ]
    annexes = {"annex_5": {"meetings": meetings}, "annex_6": {"interviews": interviews}}
    assert tell("records_outside_meetings", **annexes) == (
        "访谈 甲（2026-10-12 17:00）",
        "访谈 丙（2026-10-15 09:00）",
    )
    assert tell("records_outside_meetings", annex_6={"interviews": interviews}) is None


def test_the_record_form_adds_up_its_own_figures() -> None:
    invested = [
        {"year": 2025, "hardware": 100, "software": 30, "security": 15, "service": 8},
        {"year": 2024, "hardware": 100, "software": 30},
    ]
    annexes = {
        "annex_6": {
            "investment": invested,
            "online_purchases": 250,
            "online_sales": 0,
            "levels": {"hr": "1", "office": "2"},
            "software_basket": {"mes_mom": "in_use", "erp": "in_use"},
        },
        "annex_3": {
            "yearly": [
                {"year": 2024, "revenue": 9000},
                {"year": 2025, "revenue": 15300, "cost": 10000},
            ]
        },
    }
    told = facts_of(case_of(**annexes))
    assert told["investment_totals"] == (153.0, None)
    assert told["investment_revenue_shares"] == ("1.00", None)
    assert told["online_purchases_share"] == "2.50"
    assert told["online_sales_share"] == "0.00"
    assert told["hr_office_levels"] == "人力资源1级、协同办公2级"
    assert told["software_both_kinds"] == "是"
    only = {"software_basket": {"mes_mom": "in_use"}}
    assert tell("software_both_kinds", annex_6=only) is None  # the other kind is not answered yet


# Evidence


def evidence(number: str, **cells: Any) -> dict[str, Any]:
    return {"evidence_no": f"E-{number}", "category": number[0], "title": "材料", **cells}


def test_the_ledger_is_summed_up_by_category() -> None:
    rows = [
        evidence("A001", outcome="accepted", received_on="2026-09-17"),
        evidence("C001", outcome="pending"),
        evidence("C002", outcome="accepted_after_fix", received_on="2026-09-17"),
        evidence("C003", outcome="fix_needed", file="evidence/c.pdf"),
        evidence("C004", outcome="not_provided"),
        evidence("C005", outcome="not_applicable"),
    ]
    told = facts_of(case_of(annex_7={"evidence": rows}))
    counts = {
        key: told[f"evidence_{key}"]["c"] for key in ("due", "received", "accepted_after_fix")
    }
    assert counts == {"due": 4, "received": 2, "accepted_after_fix": 1}
    assert told["evidence_not_provided"]["c"] == told["evidence_fix_needed"]["c"] == 1
    assert told["evidence_due"]["a"] == 1 and told["evidence_due"]["b"] == 0
    assert told["materials_reviewed"] == 3 and told["materials_accepted"] == 2
    assert told["evidence_not_applicable"]["c"] == 1
    assert told["rows_pending"] == ("E-C001 材料",)
    assert told["fixes_without_due_date"] == ("E-C003 材料",)


def test_a_category_is_settled_by_a_review_or_by_the_reason_for_none() -> None:
    reviewed = {"outcome": "rejected", "reviewer": "唐虚构", "reviewed_on": "2026-09-24"}
    rows = [
        evidence("A001", **reviewed),
        evidence("B001", outcome="not_provided", finding="企业声明没有"),
        evidence("C001", outcome="not_provided"),
        evidence("D001", outcome="accepted"),
    ]
    assert tell("categories_without_review", annex_7={"evidence": rows}) == (
        "C 工业设备采购信息",
        "D 企业线上自评估报告",
        "E 系统技术应用信息",
    )


def test_the_review_log_is_told_from_the_journal(tmp_path: Path) -> None:
    rows = [evidence(no, outcome="pending", secrecy="general") for no in ("A001", "B001", "C001")]
    folder = create(tmp_path / "demo", {"annex_7": {"evidence": rows}}, DEFINITIONS, "甲").folder
    for number, who, outcome in (
        (1, "乙", "accepted"),
        (3, "丙", "rejected"),
        (2, "乙", "accepted"),
    ):
        with writing(folder, who, DEFINITIONS) as writer:
            writer.set(f"annex_7.evidence.{number}.outcome", outcome)
    log = fact(open_case(folder, DEFINITIONS), "evidence_review_log")
    today = chinese_date(journal.read(folder)[0].at)
    assert log == (
        f"{today} 甲 新登记→待审：E-A001、E-B001、E-C001",
        f"{today} 乙 待审→通过：E-A001、E-B001",
        f"{today} 丙 待审→不采信：E-C001",
    )


# Indicators and report


def test_a_claim_needs_an_accepted_document_behind_it() -> None:
    record = {
        "key_processes": {"onsite": 20, "evidence": ["E-F001"]},
        "key_processes_nc": {"onsite": 5, "evidence": ["E-F001"]},
    }
    pending, accepted = evidence("F001", outcome="pending"), evidence("F001", outcome="accepted")
    name = "指标1 关键工序数控化率（25.00%）"
    claims = tell("claims_without_evidence", annex_6=record, annex_7={"evidence": [pending]})
    assert claims == (name,)
    assert tell("claims_without_evidence", annex_6=record, annex_7={"evidence": [accepted]}) == ()
    none = {"key_processes": 20, "key_processes_nc": 0}
    assert tell("claims_without_evidence", annex_6=none) == ()  # nothing is claimed


def test_a_part_above_its_whole_is_inconsistent() -> None:
    wrong = {"key_processes": 5, "key_processes_nc": 6}
    assert tell("ratios_inconsistent", annex_6=wrong) == ("指标1 关键工序数控化率",)
    right = {"key_processes": 6, "key_processes_nc": 5}
    assert tell("ratios_inconsistent", annex_6=right) == ()


def test_a_difference_above_ten_points_wants_a_cause() -> None:
    def record(reported: int) -> dict[str, Any]:
        return {
            "key_processes": {"self_reported": 20, "onsite": 20},
            "key_processes_nc": {"self_reported": reported, "onsite": 10},
        }

    assert tell("unexplained_differences", annex_6=record(12)) == ()  # exactly ten points
    name = "指标1 关键工序数控化率（自评65.00%，核定50.00%）"
    assert tell("unexplained_differences", annex_6=record(13)) == (name,)
    cause = {"difference_causes": [{"indicator": ["key_process_nc_rate"], "cause": "timing"}]}
    assert tell("unexplained_differences", annex_6=record(13), annex_2=cause) == ()
    assert tell("unexplained_differences", annex_6={"key_processes": 20}) is None


def test_chapters_are_empty_unless_filled_or_excused() -> None:
    report = {
        "conclusion_digital": "企业数字化基础较好。",
        "not_involved": [{"chapter": "8", "reason": "企业要求不作路线规划"}, {"chapter": "7"}],
    }
    empty = tell("empty_chapters", annex_2=report)
    assert [title[:3] for title in empty] == [
        "第1章",
        "第2章",
        "第3章",
        "第4章",
        "第5章",
        "第6章",
        "第7章",
    ]


def test_placeholders_and_unnumbered_references_are_found_in_any_text() -> None:
    report = {
        "background": "本次诊断××年开展。",
        "problems": [{"problem_no": "P01", "statement": "设备未联网", "cause": "待补充"}],
        "summary_conclusion": "总体较好。",
        "business_flow": "生产流程见下图，设备情况见表3-1。",
    }
    places = tell("placeholders_left", annex_2=report)
    assert places == ("工作背景与目的：“××”", "问题清单第1行·原因：“待补充”")
    assert tell("unnumbered_tables", annex_2=report) == ("主要业务与工艺流程：“见下图”",)


def test_a_problem_may_concern_no_indicator_if_it_says_so() -> None:
    problem = {"problem_no": "P01", "evidence": ["E-C001"], "cause": "资金", "impact": "停产"}
    card = {"sug_no": "S01", "problem_ids": ["P01"]}
    for indicators, lacking in ((None, ("P01：缺指标",)), ([], ("P01：缺指标",)), (["none"], ())):
        rows = [{**problem, "indicators": indicators}]
        report = {"problems": rows, "suggestions": [card]}
        assert tell("incomplete_problems", annex_2=report) == lacking


def test_problems_and_suggestions_say_what_they_lack() -> None:
    problem = {"problem_no": "P01", "evidence": ["E-C001"], "cause": "资金", "impact": "停产"}
    card = {
        "sug_no": "S01",
        "problem_ids": ["P02"],
        "content": "改造",
        "invest_min": 0,
        "invest_max": 5,
    }
    report = {
        "problems": [problem],
        "suggestions": [{**card, "benefit_year": 2, "duration_months": 6}],
    }
    told = facts_of(case_of(annex_2=report))
    assert told["incomplete_problems"] == ("P01：缺指标", "P01：没有对应的建议")
    assert told["incomplete_suggestions"] == ("S01：缺预期效果", "S01：缺优先级")
    assert told["suggestion_paybacks"] == (1.2,)  # (0 + 5) / 2 / 2 = 1.25 years, shown as 1.2


def test_who_answers_for_the_report() -> None:
    members = [{"name": "郑虚构", "role": "leader", "is_expert": True}]
    right = {"author": "宋虚构", "reviewer": "梁虚构", "leader": "郑虚构"}
    faults = "author_reviewer_leader_faults"
    assert tell(faults, annex_2=right, annex_4={"members": members}) == ()
    alone = {**right, "reviewer": "宋虚构", "leader": "梁虚构"}
    assert tell(faults, annex_2=alone, annex_4={"members": members}) == (
        "主笔和校核人都是宋虚构",
        "报告的组长梁虚构不是附件4的组长",
    )


def test_photos_are_held_back_only_where_the_report_names_them() -> None:
    log = [
        {"photo_no": "PH-001", "consent": "yes", "secrecy": "general"},
        {"photo_no": "PH-002", "consent": "yes", "secrecy": "no_copy"},
        {"photo_no": "PH-003", "consent": "yes", "secrecy": "secret"},
        {"photo_no": "PH-004", "secrecy": "general"},
    ]
    report = {"problems": [{"evidence": ["PH-001", "PH-002"]}]}
    assert tell("photos_not_releasable", aux_4={"photos": log}, annex_2=report) == (
        "PH-002：属企业秘密或不得复制，不能进入报告",
        "PH-004：未写明企业是否同意",
    )


def test_manual_items_of_the_self_check_are_read_and_automatic_ones_computed() -> None:
    whole = demo_case("demo-copper")
    demo = replace(whole, data={**whole.data, "annex_1": {}})
    item = "第18项 涉密内容已遮盖，分发清单正确"
    for check, why in (
        ({}, "尚未填写结果"),
        ({"result": {"c18": "pass"}}, None),
        (
            {"result": {"c18": "fail"}, "note": {"c18": "附录2有一处未遮盖"}},
            "不合格：附录2有一处未遮盖",
        ),
        ({"result": {"c18": "fail"}}, "填写“不合格”而没有说明"),
        ({"result": {"c18": "not_applicable"}}, "填写“不适用”而没有说明"),
        ({"result": {"c18": "not_applicable"}, "note": {"c18": "没有涉密内容"}}, None),
    ):
        told = replace(demo, data={**demo.data, "annex_1": check})
        assert fact(told, "self_check_open_blocks") == ((f"{item}（{why}）",) if why else ())
    report = {**demo.annex("annex_2"), "background": "待补充"}
    spoiled = replace(whole, data={**whole.data, "annex_2": report})
    assert fact(spoiled, "self_check_open_blocks") == (
        "第11项 没有“待补充”“××”等占位文字（工作背景与目的：“待补充”）",
    )


def checked(**columns: dict[str, str]) -> Case:
    """Return demo-copper, in which every automatic item passes, with another self-check."""
    whole = demo_case("demo-copper")
    return replace(whole, data={**whole.data, "annex_1": columns})


def test_items_that_only_warn_are_told_with_what_is_wrong() -> None:
    manual = {"c15": "pass", "c16": "fail", "c19": "not_applicable"}
    told = checked(result=manual, note={"c16": "第3章有错字"})
    assert fact(told, "self_check_open_warnings") == (
        "第16项 通读检查：文字、逻辑、错别字（不合格：第3章有错字）",
        "第17项 企业意见均已处理并留痕（尚未填写结果）",
    )
    report = {**told.annex("annex_2"), "problems": [], "unverified": ""}
    spoiled = replace(told, data={**told.data, "annex_2": report})
    assert fact(spoiled, "self_check_open_warnings")[0] == (
        "第7项 每个问题有指标、证据、原因、影响，且至少有一条建议（尚不能判断）"
    )
    assert fact(spoiled, "self_check_open_warnings")[-1] == (
        "第20项 有尽职调查情况一节，能满足情况汇报的需要（未写明未能验证的事项（没有的写“无”））"
    )


def test_nothing_that_blocks_is_told_as_a_warning_and_the_other_way_round() -> None:
    empty = case_of()
    told = {
        name: [each.partition(" ")[0] for each in fact(empty, f"self_check_open_{name}")]
        for name in ("blocks", "warnings")
    }
    # An empty case: nothing contradicts itself, but nothing is there either.
    assert told["blocks"] == ["第1项", "第6项", "第9项", "第10项", "第18项"]
    assert told["warnings"] == [f"第{number}项" for number in (5, 7, 8, 15, 16, 17, 19, 20)]


def test_each_item_says_what_the_system_finds_of_it() -> None:
    found = fact(case_of(annex_2={"author": "宋虚构"}), "self_check_verdicts")
    assert list(found) == [f"c{number:02d}" for number in range(1, 21)]
    assert found["c01"] == "不合格：指标1 关键工序数控化率等24项"
    assert found["c07"] == "尚不能判断"
    assert found["c11"] == "合格"
    assert found["c18"] == "人工核对"
    alone = {"author": "宋虚构", "reviewer": "宋虚构", "leader": "郑虚构"}
    members = [{"name": "郑虚构", "role": "leader", "is_expert": True}]
    one = fact(case_of(annex_2=alone, annex_4={"members": members}), "self_check_verdicts")
    assert one["c09"] == "不合格：主笔和校核人都是宋虚构"


def test_a_result_written_beside_an_automatic_item_is_held_against_what_the_system_finds() -> None:
    results = {"c07": "pass", "c09": "not_applicable", "c11": "fail", "c12": "not_applicable"}
    told = case_of(annex_1={"result": {**results, "c13": "pass", "c15": "fail"}})
    # 7 cannot be judged yet; 9 fails; 11, 12 and 13 pass; 15 is for people to judge.
    assert fact(told, "self_check_contradictions") == (
        "第9项 主笔与校核人不为同一人，组长为专家（填写“不适用”，系统判定不合格）",
        "第11项 没有“待补充”“××”等占位文字（填写“不合格”，系统判定合格）",
    )


def test_a_result_that_must_be_explained_and_is_not_is_told_once() -> None:
    results = {"c01": "not_applicable", "c13": "fail", "c16": "fail", "c17": "not_applicable"}
    told = checked(
        result={**results, "c15": "pass", "c18": "fail"}, note={"c16": "第3章有错字", "c17": " "}
    )
    # 16 is explained, 17 only by a space; 15 passed; of 18 what stops the report tells.
    assert fact(told, "self_check_notes_missing") == (
        "第1项 24项指标均有数值、是/否，或者不适用及理由（填写“不适用”）",
        "第13项 引用的对标值均有来源和年份（填写“不合格”）",
        "第17项 企业意见均已处理并留痕（填写“不适用”）",
    )


def test_what_the_definitions_say_of_the_self_check_needs_no_case() -> None:
    modes = defined("self_check_modes", DEFINITIONS)
    assert modes == fact(case_of(), "self_check_modes")
    assert [item for item, mode in modes.items() if mode == "人工"] == [
        "c15",
        "c16",
        "c17",
        "c18",
        "c19",
    ]
    consequences = defined("self_check_consequences", DEFINITIONS)
    assert [item for item, words in consequences.items() if words == "须写明理由"] == ["c04"]
    assert (consequences["c01"], consequences["c05"]) == ("阻断", "提醒")
    assert defined("self_check_verdicts", DEFINITIONS) is None


# Survey


def survey(**ratings: str) -> dict[str, Any]:
    return {"rating": ratings}


def test_the_score_weighs_dimension_means_and_skips_those_without_answers() -> None:
    # team (5+4+3)/3 = 4 -> 80, weight 20; report 5 -> 100, weight 30; s14 not rated: no dimension.
    ratings = survey(s01="5", s02="4", s03="3", s10="5", s14="na", s17="1")
    score = (20 * 80 + 30 * 100) / 50
    assert score == 92
    assert tell("survey_score", annex_8=ratings) == 92.0
    assert tell("survey_completion", annex_8=ratings) == 35.29  # 6 of 17
    assert tell("survey_grade", annex_8=ratings) is None  # too thin to be valid


@pytest.mark.parametrize(
    ("mark", "score", "grade"),
    [("5", 100, "非常满意"), ("4", 80, "满意"), ("3", 60, "基本满意"), ("2", 40, "不满意")],
)
def test_grades_begin_at_their_bounds(mark: str, score: float, grade: str) -> None:
    ratings = survey(**{f"s{n:02d}": mark for n in range(1, 18)})
    assert tell("survey_score", annex_8=ratings) == score
    assert tell("survey_grade", annex_8=ratings) == grade
    assert tell("survey_contradictions", annex_8=ratings) == ()


def test_a_survey_is_valid_from_four_fifths_of_its_items() -> None:
    enough = survey(**{f"s{n:02d}": "5" for n in range(1, 15)})  # 14 of 17: 82.35 %
    assert tell("survey_completion", annex_8=enough) == 82.35
    assert tell("survey_unanswered", annex_8=enough) == ()
    less = survey(**{f"s{n:02d}": "5" for n in range(1, 14)})  # 13 of 17: 76.47 %
    assert len(tell("survey_unanswered", annex_8=less)) == 4


def test_answers_are_held_against_the_file_and_the_overall_mark_against_the_score() -> None:
    told = {
        "fact_closing": "no",
        "fact_notice": "yes",
        "fact_training": "unclear",
        "fact_leak": "yes",
        "fact_days": 0.5,
        "rating": {"s01": "5", "s10": "5", "s17": "4"},
    }
    annexes = {
        "annex_8": told,
        "annex_5": {"meetings": [{"types": ["closing"]}, {"types": ["training"]}]},
        "annex_6": {"presence": [present("2026-10-13", "08:00", "17:00")]},
    }
    found = tell("survey_contradictions", **annexes)
    assert [each.partition("：")[2] for each in found[:4]] == [
        "企业答“是”，案卷没有记录",  # the notice
        "企业答“否”，案卷有记录",  # the last meeting
        "企业答0.5天，案卷为1.12天",  # nine hours of eight
        "企业答“是”",  # a leak
    ]
    assert len(found) == 4  # 80 against 100: twenty points are not more than twenty
    lower = {**annexes, "annex_8": {**told, "rating": {**told["rating"], "s17": "3"}}}
    assert len(tell("survey_contradictions", **lower)) == 5


# Infrastructure, filing, submission, progress


@pytest.mark.parametrize(
    ("dependence", "answers", "hint"),
    [
        ("full", ["yes"], "建议上报核定"),
        ("high", ["no", "yes"], "建议上报核定"),
        ("medium", ["yes"], "暂不涉及"),
        ("low", ["unsure", "no"], "需进一步核实"),
        ("full", ["no"], "暂不涉及"),
        ("full", [], None),
    ],
)
def test_the_criteria_hint_at_what_to_do(
    dependence: str, answers: list[str], hint: str | None
) -> None:
    annex = {
        "systems": [{"system_no": "S1", "dependence": dependence}],
        "consequences": [{"system_no": "S1", "answer": each} for each in answers],
    }
    assert tell("cii_hint", annex_9=annex) == hint


def test_the_hint_reads_the_restricted_store(tmp_path: Path) -> None:
    folder = create(
        tmp_path / "demo", {"annex_3": {"ics_types": ["dcs"]}}, DEFINITIONS, "甲"
    ).folder
    assert fact(open_case(folder, DEFINITIONS), "cii_form_missing") == ("附件3：DCS",)
    store = folder / "restricted"
    with writing(store, "甲", DEFINITIONS) as writer:
        writer.set("annex_9.systems", [{"system_no": "S1", "dependence": "full"}])
        writer.set(
            "annex_9.consequences", [{"system_no": "S1", "criterion": "c03", "answer": "yes"}]
        )
    case = open_case(folder, DEFINITIONS)
    assert fact(case, "cii_hint") == "建议上报核定"
    assert fact(case, "cii_form_missing") == ()


def test_values_to_file_are_those_of_the_report() -> None:
    record = {
        "key_processes": 17,
        "key_processes_nc": 15,
        "has_online_sales": True,
        "online_sales": 10,
    }
    values = tell("filing_report_values", annex_6=record)
    assert len(values) == 24
    assert values["key_process_nc_rate"] == "88.24%"  # 15 / 17 = 0.88235
    assert values["e_commerce"] == "是"
    assert values["smart_products"] == ""


@pytest.mark.parametrize(
    ("filed", "words"),
    [("88.24%", "一致"), ("88.24", "一致"), ("８８.24％", "一致"), ("88.2%", "不一致"), ("", "")],
)
def test_filed_values_are_compared_as_numbers(filed: str, words: str) -> None:
    annexes = {
        "annex_6": {"key_processes": 17, "key_processes_nc": 15},
        "aux_9": {"filed_value": {"key_process_nc_rate": filed}},
    }
    assert tell("filing_same", **annexes)["key_process_nc_rate"] == words
    assert len(tell("filing_differences", **annexes)) == (23 if words == "一致" else 24)


def test_service_records_before_and_after_submission() -> None:
    rows = [
        {"seq": 3, "title": "附件4 诊断计划表", "needed": True, "status": "archived"},
        {"seq": 5, "title": "附件3 申请表", "needed": True},
        {"seq": 14, "title": "附件9（适用时）", "needed": False, "status": "not_formed"},
        {"seq": 20, "title": "报送材料清单与回执（辅-8）", "needed": True, "status": "not_formed"},
    ]
    told = facts_of(case_of(annex_7={"service_ledger": rows}))
    assert told["ledger_rows_missing"] == ("5 附件3 申请表", "20 报送材料清单与回执（辅-8）")
    assert told["pack_rows_missing"] == ("5 附件3 申请表",)
    assert told["ledger_rows_not_archived"] == told["ledger_rows_missing"]


def test_secret_things_are_found_by_number_hash_and_service_record() -> None:
    annexes = {
        "annex_7": {
            "evidence": [evidence("I002", secrecy="no_copy", sha256="ab")],
            "service_ledger": [{"seq": 14, "secrecy_handling": "withheld"}],
        },
        "aux_4": {"photos": [{"photo_no": "PH-07", "secrecy": "secret"}]},
        "aux_8": {
            "items": [
                {"seq": 1, "title": "E-I0021 另一份材料"},
                {"seq": 2, "title": "监测截图（E-I002）"},
                {"seq": 3, "title": "某文件", "sha256": "ab"},
                {"seq": 4, "title": "某表", "ledger_seq": 14},
                {"seq": 5, "title": "照片PH-07"},
                {"seq": 6, "title": "E-I002", "excluded": True},
            ]
        },
    }
    found = tell("secret_items_in_pack", **annexes)
    assert [each.split(" ")[0] for each in found] == ["2", "3", "4", "5"]
    assert tell("secret_items_in_pack") is None


def test_every_needed_record_is_on_the_list_of_the_pack_or_excluded_with_a_reason() -> None:
    records = [
        {"seq": 5, "title": "附件3 申请表", "needed": True},
        {"seq": 9, "title": "首次会议签到表、会议纪要", "needed": True},
        {"seq": 14, "title": "附件9 认定表", "needed": False},
        {"seq": 20, "title": "报送清单与回执（辅-8）", "needed": True},
    ]

    def unlisted(*items: dict[str, Any]) -> Any:
        told = {"annex_7": {"service_ledger": records}, "aux_8": {"items": list(items)}}
        return [each.split(" ")[0] for each in tell("pack_rows_unlisted", **told)]

    form = {"title": "附件3 内蒙古自治区规模以上工业企业申请表（docx）"}
    assert unlisted() == ["5", "9"]
    assert unlisted(form) == ["9"]
    assert unlisted({"title": "附件30 别的表"}) == ["5", "9"]
    assert unlisted(form, {"title": "别的名称", "ledger_seq": 9}) == []
    assert unlisted(form, {"title": "首次会议签到表、 会议纪要"}) == []
    assert unlisted(form, {"title": "服务过程材料 9", "excluded": True}) == ["9"]
    told = {"excluded": True, "exclusion_reason": "企业书面要求"}
    assert unlisted(form, {"title": "服务过程材料 9", **told}) == []
    assert tell("pack_rows_unlisted") is None


def test_days_since_the_bureau_last_heard() -> None:
    reports = {"progress_reports": [{"made_on": "2026-09-21"}, {"made_on": "2026-08-01"}]}
    assert tell("days_since_progress_report", aux_7=reports) == 30
    ahead = {"progress_reports": [*reports["progress_reports"], {"made_on": "2026-10-22"}]}
    assert tell("days_since_progress_report", aux_7=ahead) == 30
    history = {"history": [{"transition": "T01", "at": "2026-10-01 09:00"}]}
    assert tell("days_since_progress_report", engagement=history) == 20
    assert tell("days_since_progress_report") is None


def test_a_receipt_counts_when_signed() -> None:
    rows = [
        {"delivered_on": "2026-11-05"},
        {"delivered_on": "2026-11-08", "signed": True},
        {"delivered_on": "2026-11-06", "receiver_sign": True},
    ]
    assert tell("delivered_on", aux_10={"deliveries": rows}) == "2026-11-06"
    assert (
        tell(
            "delivered_on", aux_10={"deliveries": rows[:1]}, annex_2={"delivered_on": "2026-11-05"}
        )
        is None
    )


# Names and other cases


def test_numbers_are_built_from_league_year_and_serial() -> None:
    annexes = {"annex_3": {"league": "150800"}, "engagement": {"year": 2026, "serial_no": 7}}
    told = facts_of(case_of(**annexes, annex_4={"plan_version": 2}))
    assert told["engagement_no"] == "1508-2026-0007"
    assert told["plan_no"] == "1508-2026-0007-P02"
    assert told["report_no"] == "1508-2026-0007-R"
    assert tell("engagement_no", annex_3={"league": "150800"}) is None
    assert tell("state") == "draft"


def test_a_second_open_engagement_of_the_same_year_is_named(tmp_path: Path) -> None:
    def make(name: str, uscc: str, year: int, state: str) -> Path:
        content = {"annex_3": {"uscc": uscc}, "engagement": {"year": year, "state": state}}
        return create(tmp_path / name, content, DEFINITIONS, "甲").folder

    one, other = "91150899MA0DEM0C1X", "91150199MA0DEM0F33"
    folder = make("first", one, 2026, "plan")
    make("second", one, 2026, "onsite")
    make("last-year", one, 2025, "onsite")
    make("finished", one, 2026, "archived")
    make("another", other, 2026, "onsite")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "case.yaml").write_text(f"annex_3: [{one}", encoding="utf-8")
    assert fact(open_case(folder, DEFINITIONS), "other_open_engagements") == ("second",)


def test_a_case_that_has_not_begun_meets_the_open_ones_of_this_year(tmp_path: Path) -> None:
    def make(name: str, **course: Any) -> Path:
        content = {"annex_3": {"uscc": "91150899MA0DEM0C1X"}, "engagement": course}
        return create(tmp_path / name, content, DEFINITIONS, "甲").folder

    folder = make("new")
    make("open", year=2026, state="plan")
    make("old", year=2025, state="plan")
    make("not-begun")
    case = open_case(folder, DEFINITIONS)
    assert fact(case, "other_open_engagements", TODAY) == ("open",)


def test_a_correction_is_delivered_when_somebody_signed_for_it() -> None:
    def told(*versions: str) -> Any:
        rows = [{"report_version": each, "signed": True} for each in versions]
        issues = [{"version": "V1.0"}, {"version": "V1.1"}]
        return tell(
            "corrections_undelivered", engagement={"issues": issues}, aux_10={"deliveries": rows}
        )

    assert told("V1.0") == ("V1.1",)
    assert told("V1.0", "v1.1 ") == ()
    assert tell("corrections_undelivered", engagement={"issues": [{"version": "V1.0"}]}) == ()


# No fact ever breaks

DEMOS = ("demo-copper", "demo-dairy", "demo-empty", "demo-machinery")


@cache
def demo_case(name: str) -> Case:
    return open_case(paths.parameters() / name, DEFINITIONS)


@st.composite
def partial_cases(draw: st.DrawFn) -> Case:
    """Draw a demo with annexes, fields, rows and cells taken away."""
    whole = demo_case(draw(st.sampled_from(DEMOS)))
    data = copy.deepcopy(dict(whole.data))
    for annex in [key for key, value in data.items() if isinstance(value, dict)]:
        if draw(st.booleans()):
            data[annex] = {
                key: draw(thinned(value))
                for key, value in data[annex].items()
                if draw(st.booleans())
            }
    return replace(whole, data=data)


def thinned(value: Any) -> st.SearchStrategy[Any]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = st.lists(st.sampled_from(value).flatmap(thinned_row), max_size=4)
        return st.one_of(st.just(value), st.just([]), st.just([{}]), rows)
    return st.just(value)


def thinned_row(row: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.sets(st.sampled_from(sorted(row))) if row else st.just(set())
    return keys.map(lambda kept: {key: value for key, value in row.items() if key in kept})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(partial_cases())
def test_no_fact_breaks_on_a_half_filled_case(case: Case) -> None:
    told = facts_of(case, TODAY)
    assert all(is_plain(told[name]) for name in FACTS)


@st.composite
def invented_rows(draw: st.DrawFn) -> dict[str, Any]:
    """Draw tables of empty and one-celled rows for every annex, as a form half typed would be."""
    data: dict[str, Any] = {}
    for annex in DEFINITIONS.annexes.values():
        tables = [field for field in annex.fields if field.type is FieldType.TABLE]
        chosen = draw(st.lists(st.sampled_from(tables), max_size=2)) if tables else []
        data[annex.id] = {
            table.key: [{}, dict.fromkeys(column.key for column in table.columns)]
            for table in chosen
        }
    return data


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(invented_rows())
def test_no_fact_breaks_on_empty_rows_of_any_form(data: dict[str, Any]) -> None:
    told = facts_of(case_of(**data), TODAY)
    assert all(is_plain(told[name]) for name in FACTS)


def test_no_fact_breaks_on_invented_enterprises(tmp_path: Path) -> None:
    for folder in synthesise(4, 7, tmp_path, DEFINITIONS):
        told = facts_of(open_case(folder, DEFINITIONS), TODAY)
        assert all(is_plain(told[name]) for name in FACTS)
        shutil.rmtree(folder)


def is_plain(value: Any) -> bool:
    """Tell whether a value is one that rules, forms and reports can show."""
    if isinstance(value, tuple):
        return all(each is None or isinstance(each, (str, int, float)) for each in value)
    if isinstance(value, Mapping):
        return all(isinstance(each, (str, int, float)) for each in value.values())
    return value is None or isinstance(value, (str, int, float))


def test_every_fact_has_a_label_and_every_computed_field_its_fact() -> None:
    assert all(each.label for each in FACTS.values())
    asked = {
        field.fact
        for annex in DEFINITIONS.annexes.values()
        for outer in annex.fields
        for field in (outer, *outer.columns)
        if field.fact
    }
    assert asked <= set(FACTS)
    assert {each.fact for each in DEFINITIONS.seeds.self_checks if each.fact} <= set(FACTS)
