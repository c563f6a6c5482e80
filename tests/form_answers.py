"""Hypothesis strategies for any answers that fit an annex, drawn from its definition alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from dxkit.case.answers import read_answer
from dxkit.case.words import METHODS, STRENGTHS
from dxkit.definitions import Definitions
from dxkit.forms.record_parts import VALUES, asks_record
from dxkit.forms.written.sameness import is_ditto, is_stroke
from dxkit.models.annex import Annex, Field, FieldType

SPECIAL = (
    "=1+1", "+86", "-3", "@SUM(A1)", "001", "1e5", "2026/3/5", "_x0041_", "是", "a,b；c、d",
    '引"号', "<w:t>&amp;", "[方]（圆）", "４５", "100%", "'撇号",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("C", "Z"), max_codepoint=0xFFFF)
MOST_QUESTIONS = 25
SIGNING = (FieldType.SIGNATURE, FieldType.SEAL)
NAMES = ("1号厂区", "熔炼车间", "张三", "C001", "C002", "E-D003", "产线A")


def texts(field: Field) -> st.SearchStrategy[str]:
    """Draw a text without blank ends, at most as long as the field allows."""
    most = min(field.longest or 60, 60)
    fitting = [each for each in SPECIAL if len(each) <= most]
    drawn = st.text(LETTERS, min_size=1, max_size=min(most, 12)).filter(says_something)
    if field.key == "file":
        return st.sampled_from(["evidence/001.jpg", "现场照片/镀锌线.png"])
    if field.type is FieldType.LONG_TEXT and most > 25:
        drawn = st.one_of(drawn, st.tuples(drawn, drawn).map("\n".join))
    return st.one_of(st.sampled_from(fitting), drawn) if fitting else drawn


def says_something(text: str) -> bool:
    """A line to write on says nothing, nor does a stroke; 〃 only points elsewhere."""
    return bool(text.strip("_＿")) and not is_stroke(text) and not is_ditto(text)


def within_bounds(field: Field, low: float, high: float) -> tuple[float, float]:
    return max(low, field.minimum or low), high if field.maximum is None else field.maximum


def whole_numbers(field: Field, low: int = 0, high: int = 10**9) -> st.SearchStrategy[int]:
    least, most = within_bounds(field, low, high)
    return st.integers(int(least), int(most))


def numbers(field: Field, low: float = 0, high: float = 10**7) -> st.SearchStrategy[Any]:
    least, most = within_bounds(field, low, high)
    places = st.decimals(least, most, allow_nan=False, allow_infinity=False, places=2)
    return st.one_of(st.integers(-int(-least // 1), int(most)), places.map(float))


def several(codes: list[str]) -> st.SearchStrategy[list[str]]:
    """Draw some codes in the order of the definition; choices have no other."""
    named = [code for code in codes if code != "none"]
    drawn = st.sets(st.sampled_from(named), min_size=1, max_size=4)
    return drawn.map(lambda chosen: [code for code in named if code in chosen])


def value_for(field: Field, definitions: Definitions) -> st.SearchStrategy[Any]:
    """Draw one value that fits a single field."""
    codes = [choice.code for choice in field.choices]
    kinds: dict[FieldType, Any] = {
        FieldType.TEXT: lambda: texts(field),
        FieldType.LONG_TEXT: lambda: texts(field),
        FieldType.COUNT: lambda: whole_numbers(field),
        FieldType.YEAR: lambda: whole_numbers(field, 1950, 2099),
        FieldType.NUMBER: lambda: numbers(field),
        FieldType.MONEY: lambda: numbers(field),
        FieldType.PERCENT: lambda: numbers(field, 0, 100),
        FieldType.DATE: lambda: st.dates(date(1950, 1, 1), date(2099, 12, 31)).map(str),
        FieldType.TIME: lambda: st.times().map(lambda at: f"{at:%H:%M}"),
        FieldType.DATETIME: lambda: st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)).map(
            lambda at: f"{at:%Y-%m-%d %H:%M}"
        ),
        FieldType.YES_NO: st.booleans,
        FieldType.CHOICE: lambda: st.sampled_from(codes),
        FieldType.LADDER: lambda: st.sampled_from(codes),
        FieldType.CHOICES: lambda: several(codes),
        FieldType.INDICATORS: lambda: st.one_of(
            several(list(definitions.by_id)), *(st.just([code]) for code in codes)
        ),
        FieldType.PHONE: lambda: st.sampled_from(["13800138000", "0472-5123456", "0471-6651234-8"]),
        FieldType.EMAIL: lambda: st.sampled_from(["a.b@example.com", "li@工厂.cn"]),
        FieldType.CREDIT_CODE: lambda: st.sampled_from(["91150200MA0N000018"]),
        FieldType.REGION: lambda: st.sampled_from([r.code for r in definitions.regions.regions]),
        FieldType.INDUSTRY: lambda: st.sampled_from(
            [each.code for each in definitions.industries.divisions]
        ),
        FieldType.EVIDENCE: lambda: st.lists(
            st.sampled_from(NAMES), unique=True, min_size=1, max_size=3
        ),
        FieldType.REFERENCES: lambda: st.lists(
            st.sampled_from(NAMES), unique=True, min_size=1, max_size=3
        ),
        FieldType.SIGNATURE: lambda: st.sampled_from([True, "签字页.pdf"]),
        FieldType.SEAL: lambda: st.sampled_from([True, "盖章页.pdf"]),
    }
    return kinds[field.type]()


def is_filled_in(field: Field) -> bool:
    filled = field.type not in (FieldType.COMPUTED, FieldType.TABLE, FieldType.GRID)
    return filled and field.registered is None


def bounded(fields: dict[str, Field], answers: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is more than its whole or less than its part, in any telling."""
    kept = dict(answers)
    for key, field in fields.items():
        for bound, sign in ((field.at_most, 1), (field.at_least, -1)):
            if bound and any(
                too_far(kept.get(key), kept.get(bound), sign, telling)
                for telling in ("value", "self_reported")
            ):
                kept.pop(key, None)
    return kept


def too_far(mine: Any, other: Any, sign: int, telling: str) -> bool:
    one, two = (getattr(read_answer(raw), telling) for raw in (mine, other))
    if one is None or two is None or type(one) is bool:
        return False
    return bool((one > two) if sign > 0 else (one < two))


@st.composite
def record_for(draw: st.DrawFn, question: Field, definitions: Definitions) -> Any:
    """Draw an answer with its parts, or a bare one."""
    if draw(st.booleans()):
        return draw(value_for(question, definitions))
    record: dict[str, Any] = {}
    for part in VALUES:
        if draw(st.booleans()):
            record[part] = draw(value_for(question, definitions))
    if question.may_be_not_applicable and draw(st.booleans()):
        record["not_applicable"] = "没有这类设备"
    if draw(st.booleans()):
        record["methods"] = draw(several(list(METHODS)))
        record["evidence"] = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    for part in ("informant", "recorder", "remark", "diff_reason"):
        if draw(st.booleans()):
            record[part] = draw(st.sampled_from(["张三", "E2", "2026-10-13 11:40", "=备注"]))
    if draw(st.booleans()):
        record["strength"] = draw(st.sampled_from(list(STRENGTHS)))
        record["recorded_at"] = draw(st.sampled_from(["2026-10-13 11:40", "2026-10-13 11:40:05"]))
    return record or {"remark": "未答"}


@st.composite
def rows_for(
    draw: st.DrawFn, table: Field, definitions: Definitions, cards: list[Any] | None
) -> list[dict[str, Any]]:
    """Draw rows none of which is empty.

    A card is known by its first column; the rows of the cards follow each other as the cards do.
    """
    columns = {column.key: column for column in table.columns if is_filled_in(column)}
    first = next(iter(columns))
    rows = []
    for number in range(draw(st.integers(0, 3))):
        keys = draw(st.sets(st.sampled_from(list(columns)), min_size=1))
        row = {key: draw(value_for(columns[key], definitions)) for key in columns if key in keys}
        if table.layout == "cards" or table.within:
            name = f"N{number}" if cards is None else draw(st.sampled_from(cards))
            row[first] = [name] if columns[first].type is FieldType.REFERENCES else name
        rows.append(bounded(columns, row))
    told = [row for row in rows if set(row) - ({first} if table.within else set())]
    return sorted(told, key=lambda row: str(row[first])) if table.within else told


@st.composite
def answers_for(draw: st.DrawFn, annex: Annex, definitions: Definitions) -> dict[str, Any]:
    """Draw answers to some of an annex's fields, all of which fit."""
    single = {key: each for key, each in annex.questions() if is_filled_in(each)}
    asked = draw(st.sets(st.sampled_from(list(single)), max_size=MOST_QUESTIONS)) if single else ()
    drawn = {
        key: draw(
            record_for(field, definitions)
            if asks_record(annex, field) and field.type not in SIGNING
            else value_for(field, definitions)
        )
        for key, field in single.items()
        if key in asked
    }
    answers: dict[str, Any] = {}
    for key, value in bounded(single, drawn).items():
        column, _, row = key.partition(".")
        if row:
            answers.setdefault(column, {})[row] = value
        else:
            answers[key] = value
    for table in (field for field in annex.fields if field.type is FieldType.TABLE):
        rows = draw(table_rows(annex, table, answers, definitions))
        if rows:
            answers[table.key] = rows
    return answers


def table_rows(
    annex: Annex, table: Field, answers: dict[str, Any], definitions: Definitions
) -> st.SearchStrategy[list[dict[str, Any]]]:
    if not table.within:
        return rows_for(table, definitions, None)
    cards = next(field for field in annex.fields if field.key == table.within)
    known = [row[cards.columns[0].key] for row in answers.get(table.within, [])]
    return rows_for(table, definitions, known) if known else st.just([])
