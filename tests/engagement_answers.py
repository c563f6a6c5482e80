"""What the people of one invented engagement write into each form; days count from the visit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dxkit.definitions import Definitions

VISIT = date.today() - timedelta(days=2)
LEADER, EXPERT, WRITER = "钟虚构", "丁虚构", "毕虚构"
GROUP = [LEADER, EXPERT, WRITER]
ORG = "内蒙古示例数字化诊断服务有限公司"
HEAD, LINK = "苏示例", "吕示例"
TITLES = {HEAD: "总经理", LINK: "生产部部长", "韦示例": "设备部部长"}
DEPARTMENTS = {HEAD: "公司领导", LINK: "生产部", "韦示例": "设备部"}
OPENING_TOPICS = ["background", "purpose", "meaning", "plan"]

Answers = dict[str, Any]


def day(offset: int) -> str:
    """Return a day counted from the one on site."""
    return (VISIT + timedelta(days=offset)).isoformat()


def application(drawn: Answers) -> Answers:
    """The application: what was drawn, and what only people can say."""
    told = {
        "plant_addresses": [{"name": "主厂区", "address": drawn["reg_address"], "included": True}],
        "founded_on": "2011-05-06",
        "legal_person": HEAD,
        "principal": HEAD,
        "principal_title": TITLES[HEAD],
        "contact_name": LINK,
        "contact_title": TITLES[LINK],
        "industry_group": "391 计算机制造",
        "industry_class": "3912 计算机零部件制造",
        "products": [
            {
                "product": "控制柜",
                "capacity": 4000,
                "unit": "台",
                "output": 3100,
                "revenue_share": 100,
            }
        ],
        "it_dept": "within_other",
        "it_staff": 2,
        "plan_status": "none",
        "systems_used": ["finance"],
        "line_count": 2,
        "ics_types": ["plc"],
        "selfassess_status": "not_started",
        "focus_fields": ["production", "management"],
        "difficulties": ["funding", "people"],
        "expect_from": day(0),
        "expect_to": day(0),
        "truth_commit": True,
        "filing_consent": True,
        "enterprise_sign": True,
        "applied_on": day(-6),
        "received_by": WRITER,
        "received_on": day(-5),
    }
    return {**drawn, **told}


def plan(definitions: Definitions) -> Answers:
    """The plan: the seeded tasks on three days, an agenda that covers every indicator."""
    when = {"preparation": day(-9), "implementation": day(0), "summary": day(3)}
    tasks = [
        {
            "stage": task.stage,
            "task": task.task,
            "start": f"{when[task.stage]} 08:30",
            "end": f"{when[task.stage]} 17:30",
            "members": GROUP,
            "output": list(task.output),
        }
        for task in definitions.seeds.tasks
    ]
    every = [indicator.id for indicator in definitions.indicators]
    agenda = [
        ("08:30", "09:30", "启动会暨首次会议、宣贯培训", []),
        ("09:30", "12:00", "访谈与系统演示", every[:12]),
        ("13:00", "16:30", "现场巡视与资料审核", every[12:]),
        ("16:30", "17:30", "末次会议", []),
    ]
    return {
        "filled_on": day(-9),
        "service_org_name": ORG,
        "service_org_uscc": "91150199MA0DEM0F33",
        "service_org_contact": WRITER,
        "service_org_phone": "13800000203",
        "task_source": "赤峰市年度任务（虚构）",
        "group_no": "赤峰市第九工作组",
        "implementation_period_start": day(-20),
        "implementation_period_end": day(40),
        "purpose": "测算24项关键指标，摸清现状与痛点，提出提升方案。",
        "scope_sites": ["主厂区"],
        "scope_fields": ["production", "management", "equipment_networking"],
        "basis": "线下数字化评估诊断工作流程指南。",
        "plan_onsite_from": day(0),
        "plan_onsite_to": day(0),
        "plan_onsite_hours": 8,
        "org_nda_ref": ["NDA-01"],
        "members": [_member(name, number) for number, name in enumerate(GROUP, start=2)],
        "tasks": tasks,
        "agenda": [
            {
                "held_on": day(0),
                "start_at": start,
                "end_at": end,
                "activity": activity,
                "members": GROUP,
                "indicators": covers,
            }
            for start, end, activity, covers in agenda
        ],
        "integrity_statement": True,
        "compiled_by": WRITER,
        "compiled_on": day(-9),
        "leader_sign": True,
        "leader_signed_on": day(-9),
        "org_seal": True,
        "org_sealed_on": day(-9),
        "enterprise_confirmed_on": day(-8),
    }


def _member(name: str, number: int) -> Answers:
    return {
        "name": name,
        "role": "leader" if name == LEADER else "member",
        "is_expert": name != WRITER,
        "org": ORG,
        "title": "工程师",
        "specialty": ["consulting"],
        "exp_years": 8,
        "experience": "参加企业诊断十余次。",
        "phone": f"1380000020{number}",
        "duty_fields": ["production", "management", "equipment_networking"],
        "nda_ref": [f"NDA-0{number}"],
        "conflict_free": True,
        "onsite": True,
    }


def commitments() -> Answers:
    """The promises of secrecy of the institution and of everybody in the group."""
    promise = {"term": "三年", "signed_on": day(-9), "signed": True}
    scope = "诊断中接触到的全部资料。"
    institution = {"legal_person": "裴虚构", "scope": scope, "sealed": True}
    people = [
        {"commitment_no": f"NDA-0{number}", "party": name, "org": ORG, **promise}
        for number, name in enumerate(GROUP, start=2)
    ]
    ours = {"commitment_no": "NDA-01", "party": ORG, **institution, **promise}
    return {"institution_commitments": [ours], "personal_commitments": people}


def notice() -> Answers:
    """The notice with its three lists, sent in good time and receipted."""
    return {
        "notice_no": "GZ-9",
        "people": [{"dept": "生产部", "post": "部长", "activities": "访谈"}],
        "materials": [{"category": "A", "title": "营业执照副本"}],
        "things_to_see": [{"kind": "line", "name": "装配线"}],
        "sent_on": day(-8),
        "sent_via": "electronic",
        "receipt_by": LINK,
        "receipt_title": TITLES[LINK],
        "receipt_sign": True,
        "receipt_on": day(-7),
    }


def meetings(scans: dict[str, str]) -> Answers:
    """One meeting that opens, one training, one that closes; the leader's side and theirs.

    `scans` are the files of the signed sheets by the number of the meeting.
    """
    told = [
        ("M01", ["kickoff", "opening"], "08:30", "09:00", OPENING_TOPICS),
        ("M02", ["training"], "09:00", "09:30", ["digital_transformation"]),
        ("M03", ["closing"], "16:30", "17:30", ["completion", "problems", "proposals"]),
    ]
    rows = [_meeting(*each, held_on=day(0), scan=scans[each[0]]) for each in told]
    sheets = [_signed(number, name) for number, *_ in told for name in [*TITLES, *GROUP]]
    return {"meetings": rows, "attendees": sheets}


def briefing_meeting(scan: str) -> tuple[Answers, list[Answers]]:
    """The meeting at which the principal hears the report, and who signed there."""
    times = ("M04", ["briefing"], "14:00", "15:00", ["due_diligence", "report_explained"])
    return _meeting(*times, held_on=day(1), scan=scan), [
        _signed("M04", name) for name in (HEAD, LEADER)
    ]


def _meeting(
    number: str,
    types: list[str],
    start: str,
    end: str,
    topics: list[str],
    **more: str,
) -> Answers:
    return {
        "meeting_no": number,
        "types": types,
        "start_at": start,
        "end_at": end,
        "place": "会议室",
        "mode": "onsite",
        "host": LINK,
        "recorder": WRITER,
        "topic": "按议程进行。",
        "topics_covered": topics,
        "photos_count": 1,
        **more,
    }


def _signed(meeting: str, name: str) -> Answers:
    ours = name in GROUP
    person = {"org_side": "group", "title": "工程师"} if ours else {"org_side": "enterprise"}
    if not ours:
        person |= {"dept": DEPARTMENTS[name], "title": TITLES[name]}
    return {"meeting_no": [meeting], "name": name, **person, "sign": True}


def minutes() -> Answers:
    """The minutes of the first and the last meeting."""
    shared = {"attendees_count": 6, "enterprise_opinions": "无异议。", "written_on": day(0)}
    closing = {
        "completion": "计划内容全部完成。",
        "problems": "设备联网不足。",
        "proposals": "先联网，再上系统。",
    }
    return {
        "minutes": [
            {
                "minutes_no": "MIN-01",
                "meeting_no": "M01",
                "key_points": "说明口径和日程。",
                **shared,
            },
            {
                "minutes_no": "MIN-02",
                "meeting_no": "M03",
                "key_points": "通报发现。",
                **closing,
                **shared,
            },
        ]
    }


def training() -> Answers:
    """The training, on a digital topic."""
    row = {
        "training_no": "TR-01",
        "meeting_no": "M02",
        "held_on": day(0),
        "hours": 0.5,
        "audience_count": 6,
        "topic": "装配企业从哪里起步",
        "is_digital_topic": True,
        "counts_for_5_3": True,
        "trainer": LEADER,
        "trainer_background": "咨询",
        "audience_depts": "公司领导、生产部、设备部",
        "outline": "24项指标看什么。",
    }
    return {"trainings": [row]}


def record(drawn: Answers) -> Answers:
    """The record form: the drawn answers and what was seen and heard on site."""
    at = f"{day(0)} 10:00"
    person = {"held_at": at, "interviewer": LEADER, "points": "设备联网是短板。", "confirmed": True}
    interviews = [
        {"interviewee": name, "department": DEPARTMENTS[name], "job": title, **person}
        for name, title in TITLES.items()
    ]
    walks = [
        {
            "walked_at": f"{day(0)} 13:30",
            "area": "装配车间",
            "subjects": ["equipment", "lines", "software", "warehouse"],
            "seen": "两条装配线，仓库用纸卡。",
            "agreement": "consistent",
            "escort": LINK,
        }
    ]
    presence = {"date": day(0), "arrived": "08:20", "left": "17:40", "people": "、".join(GROUP)}
    return {**drawn, "interviews": interviews, "site_walks": walks, "presence": [presence]}


def ledger(definitions: Definitions) -> list[Answers]:
    """The ledger of the service with everything that is made before the submission."""
    return [
        {
            "seq": record.seq,
            "stage": record.stage,
            "title": record.title,
            "needed": record.needed,
            "owner": WRITER,
            "status": "formed",
            "done_on": day(0),
            "file": "纸质原件存机构档案柜",
            "sent_to": ["bureau", "institution"] if record.needed else ["institution"],
        }
        for record in definitions.seeds.service_records
    ]


def report(definitions: Definitions) -> Answers:
    """A short report, every chapter of which says something."""
    problem = {
        "problem_no": "P01",
        "statement": "多数设备没有联网。",
        "location": "装配车间",
        "kind": "weakness",
        "category": "equipment_network",
        "indicators": ["digital_equipment_networked_rate"],
        "evidence": ["E-C001"],
        "cause": "采购时没有提联网要求。",
        "impact": "停机原因说不清。",
        "severity": "medium",
    }
    card = {
        "sug_no": "S01",
        "sug_name": "设备联网",
        "problem_ids": ["P01"],
        "content": "二十台设备加装网关。",
        "scene": "装配车间",
        "invest_min": 30,
        "invest_max": 45,
        "duration_months": 6,
        "benefit_quant": "停机减少一成。",
        "phase": "near",
        "priority": "P1",
        "difficulty": 2,
        "value_score": 4,
    }
    comments = [
        {"indicator": [indicator.id], "analysis": "按记录表所载事实判定。"}
        for indicator in definitions.indicators
    ]
    return {
        "confidentiality_mark": "internal",
        "onsite_from": day(0),
        "onsite_to": day(0),
        "data_period_year": VISIT.year - 1,
        "data_as_of": day(0),
        "author": WRITER,
        "reviewer": EXPERT,
        "leader": LEADER,
        "org_head": "裴虚构",
        "issued_on": day(1),
        "comment_from": day(0),
        "author_sign": True,
        "reviewer_sign": True,
        "leader_sign": True,
        "summary_enterprise": "小型装配企业。",
        "strengths": [{"strength": "管理层重视。"}],
        "summary_conclusion": "先联网，再上系统。",
        "background": "按盟市安排开展诊断。",
        "scope": [{"kind": "site", "name": "主厂区", "included": True}],
        "references": [{"name": "线下数字化评估诊断工作流程指南"}],
        "unverified": "无。",
        "organisation": "总经理下设生产部和设备部。",
        "business_flow": "备料、装配、检验、发运。",
        "digital_organisation": "生产部兼管，两人。",
        "network_architecture": "办公网覆盖办公楼。",
        "security_measures": [{"area": "network", "measure": "出口防火墙", "status": "in_place"}],
        "indicator_comments": comments,
        "self_assessment_platform": "两化融合公共服务平台",
        "self_assessment_result": "起步建设阶段。",
        "problem_summary": "共一个问题。",
        "problems": [problem],
        "root_causes": "采购只看加工能力。",
        "targets": [{"indicator": ["digital_equipment_networked_rate"], "year": VISIT.year + 1}],
        "suggestions": [card],
        "safeguards": [{"area": "organisation", "measure": "总经理负责。"}],
        "risks": [{"risk": "资金不到位", "response": "分批实施。"}],
        "conclusion_digital": "起步。",
        "conclusion_networked": "设备多未联网。",
        "conclusion_intelligent": "尚未开展。",
        "conclusion_new_models": "尚未开展。",
        "follow_up": "一年后回访。",
    }


def self_check() -> Answers:
    """The self-check before the report goes out; every item looked at by hand passes."""
    items = [f"c{number:02d}" for number in range(1, 21)]
    return {
        "result": dict.fromkeys(items, "pass"),
        "checked_by": dict.fromkeys(items, EXPERT),
        "checked_on": dict.fromkeys(items, day(0)),
    }


def delivery() -> Answers:
    """The receipt of the report."""
    row = {
        "delivery_no": "SD-1",
        "report_version": "V1.0",
        "copies": 1,
        "delivered_on": day(1),
        "receiver_name": LINK,
        "receiver_title": TITLES[LINK],
        "mode": "by_hand",
        "signed": True,
    }
    return {"deliveries": [row]}


def briefing() -> Answers:
    """What the principal was told and said."""
    row = {
        "briefing_no": "HB-1",
        "meeting_no": "M04",
        "held_on": day(1),
        "presenter": LEADER,
        "report_version": "V1.0",
        "principal_name": HEAD,
        "principal_title": TITLES[HEAD],
        "contents": ["due_diligence", "report_explained"],
        "opinions": "同意先联网。",
        "principal_signed": True,
    }
    return {"briefings": [row]}


def survey() -> Answers:
    """The survey: content with everything, and in agreement with the file."""
    yes = ("notice", "nda", "opening", "training", "site", "closing", "report", "briefing")
    items = [f"s{number:02d}" for number in range(1, 18)]
    return {
        "report_received_on": day(1),
        "filled_on": day(2),
        "filler": LINK,
        "filler_dept": "生产部",
        "filler_title": "部长",
        **{f"fact_{key}": "yes" for key in yes},
        "fact_charge": "no",
        "fact_leak": "no",
        "fact_team_size": 3,
        "fact_days": 1,
        "rating": dict.fromkeys(items, "5"),
        "recommendation": 9,
        "signed": True,
        "sealed": True,
    }


def submission() -> Answers:
    """Who hands in to whom, and that it was received."""
    return {
        "bureau_name": "赤峰市工业和信息化局",
        "submitted_by": WRITER,
        "submitted_on": day(2),
        "receiver": "施示例",
        "received_on": day(2),
    }


def filing(values: dict[str, str]) -> Answers:
    """The values as keyed in on line: the same as those of the report."""
    return {
        "system_url": "https://filing.example.com",
        "account_holder": LINK,
        "filed_on": day(2),
        "submit_no": "DEMO-9",
        "filed_value": values,
        "filler": WRITER,
        "checker": EXPERT,
        "checked_on": day(2),
    }
