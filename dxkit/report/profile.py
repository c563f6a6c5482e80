"""Chapter 2: the enterprise, its organisation and flow, and what it puts into digitalisation."""

from __future__ import annotations

from dxkit.charts import Gap, Series, Step, Unit, flow, organisation, trend
from dxkit.diagnosis import Diagnosis
from dxkit.report.answers import (
    filled_rows,
    not_involved,
    rows_of,
    rows_table,
    section_table,
    shown_rows,
    value,
)
from dxkit.report.blocks import Block, Head, figure, prose, refer, table

INVESTED = {"hardware": "硬件", "software": "软件", "security": "安全", "service": "服务与运维"}


def enterprise(diagnosis: Diagnosis) -> Block:
    """Return 表2-1: every fact of the application's first part but personal contacts."""
    basics = section_table(diagnosis.case, "annex_3", "enterprise", "企业基本信息", "enterprise")
    return refer("企业的基本信息见{下表:enterprise}。") + basics + _products(diagnosis)


def _products(diagnosis: Diagnosis) -> Block:
    rows = shown_rows(diagnosis.case, "annex_3", "products")
    words = [
        f"{row['product']}（设计产能 {row['capacity']} {row['unit']}/年，上年产量 {row['output']} "
        f"{row['unit']}，占营业收入{row['revenue_share'] or '比例未填'}）"
        for row in rows
    ]
    return prose("主营产品及产能：" + "；".join(words) + "。") if words else Block("")


def years(diagnosis: Diagnosis) -> Block:
    """Return 表2-2: the last two complete years, items down and years across."""
    rows = shown_rows(diagnosis.case, "annex_3", "yearly")
    field = next(f for f in diagnosis.definitions.annexes["annex_3"].fields if f.key == "yearly")
    items = [column for column in field.columns if column.key != "year"]
    heads = [Head("项目", 34), Head("单位", 16, "mid")]
    heads += [Head(f"{row['year']} 年", 50 / max(len(rows), 1), "num") for row in rows]
    lines = [
        [each.label, each.unit, *(row[each.key].removesuffix(each.unit) for row in rows)]
        for each in items
    ]
    return table(
        "近两年经营数据",
        heads,
        lines if rows else [],
        anchor="yearly",
        empty="经营数据尚未填写",
        lead=refer("近两个完整年度的经营数据见{下表:yearly}。"),
    )


def structure(diagnosis: Diagnosis) -> Block:
    """Return 图2-1: the organisation chart with its text."""
    rows = rows_of(diagnosis.case, "annex_2", "organisation_units")
    units = [Unit(str(row.get("name")), _first(row.get("belongs_to"))) for row in rows]
    text = prose(value(diagnosis.case, "annex_2", "organisation"))
    if not units:
        return text or not_involved(diagnosis.case, "2.2", "组织架构尚未登记")
    lead = refer("组织架构见{下图:organisation}。")
    return text + lead + figure(organisation(units), "组织架构图", anchor="organisation")


def processes(diagnosis: Diagnosis) -> Block:
    """Return 图2-2: the main flow from material to product with its text."""
    rows = rows_of(diagnosis.case, "annex_2", "flow_steps")
    steps = [
        Step(
            number=str(row.get("step_no")),
            name=str(row.get("name")),
            follows=tuple(row.get("follows") or ()),
            key=bool(row.get("is_key")),
            place=str(row.get("place") or ""),
            system=str(row.get("system") or ""),
        )
        for row in rows
    ]
    text = prose(value(diagnosis.case, "annex_2", "business_flow"))
    if not steps:
        return text
    lead = refer("从投入到产出的主要步骤见{下图:flow}。")
    return text + lead + figure(flow(steps), "主要业务与工艺流程图", anchor="flow")


def digital_organisation(diagnosis: Diagnosis) -> Block:
    """Return 2.3: who is in charge, what is planned, and the people."""
    text = value(diagnosis.case, "annex_2", "digital_organisation")
    return (
        prose(text) if text else not_involved(diagnosis.case, "2.3", "组织、规划与人才情况尚未填写")
    )


def investment(diagnosis: Diagnosis) -> Block:
    """Return 表2-3 and 图2-3: three years of investment by kind."""
    rows = filled_rows(diagnosis.case, "annex_6", "investment", "year")
    widths = {"year": 16, **dict.fromkeys(INVESTED, 21.0)}
    trend_too = "，走势见{下图:investment-trend}" if rows else ""
    listed = rows_table(
        diagnosis.case,
        "annex_6",
        "investment",
        widths,
        "数字化投入表",
        anchor="investment",
        empty="投入数据尚未填写",
        lead=refer(f"近三年的数字化投入见{{下表:investment}}{trend_too}。"),
    )
    if not rows:
        return listed
    series = [
        Series(label, tuple(_amount(row.get(key)) for row in rows))
        for key, label in INVESTED.items()
    ]
    drawn = trend([int(row["year"]) for row in rows], series)
    return listed + figure(drawn, "数字化投入趋势", anchor="investment-trend")


def _amount(value: object) -> float | Gap:
    return float(value) if isinstance(value, (int, float)) else Gap.UNKNOWN


def _first(names: object) -> str | None:
    return str(names[0]) if isinstance(names, list) and names else None
