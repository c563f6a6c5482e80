"""The overview of all forms, docs/forms.md, written from the definitions alone.

Run with: uv run python docs/make_forms.py
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dxkit.definitions import Definitions, load
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.form_checks import FormCheck
from dxkit.models.shape import Basis

TARGET = Path(__file__).with_name("forms.md")

HEAD = """\
# 表单一览

本文由定义文件生成（`uv run python docs/make_forms.py`），请勿手工改写。
定义版本：{edition}，共{forms}张表、{fields}栏。

指南列出附件1至附件9的名称，未附表样；辅-1至辅-10是指南要求留存而未编号的记录；
办理记录由程序填写。重复填写的表，每一列计一栏；固定行的表也按列计，不乘行数。

每一栏都注明依据：“指南规定”的内容出自指南条款，“公开发布”的出自公开资料；
“通行理解”和“本工具设定”为假定，取得正式表样或者主管部门另有要求的，以其为准。
"""


def overview(definitions: Definitions) -> str:
    """Return the whole text of docs/forms.md for a set of definitions."""
    annexes = sorted(definitions.annexes.values(), key=_place)
    counts = [_counted(annex) for annex in annexes]
    head = HEAD.format(
        edition=definitions.edition, forms=len(annexes), fields=sum(map(Counter.total, counts))
    )
    forms = (_form(annex, definitions.form_checks.get(annex.id, ())) for annex in annexes)
    return "\n".join([head, _summary(annexes), *forms])


def _place(annex: Annex) -> tuple[bool, bool, int]:
    """Order annexes before records before what has no number, each by its number."""
    number = re.search(r"\d+$", annex.id)
    return number is None, not annex.id.startswith("annex"), int(number[0]) if number else 0


def _asked(annex: Annex) -> Iterator[Field]:
    """Yield what is filled in: single fields and columns, not the tables around them."""
    for field in annex.fields:
        yield from field.columns or (field,)


def _counted(annex: Annex) -> Counter[Basis]:
    return Counter(field.basis for field in _asked(annex))


def _summary(annexes: Iterable[Annex]) -> str:
    heads = ("表单", "名称", "条款", "栏数", *(basis.words for basis in Basis))
    rows = [
        (
            f"[{annex.mark}](#{annex.id})",
            annex.title,
            annex.clause or "—",
            counted.total(),
            *(counted[basis] for basis in Basis),
        )
        for annex in annexes
        for counted in [_counted(annex)]
    ]
    return "\n".join(_table(heads, rows))


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for cells in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"
    yield ""


def _form(annex: Annex, checks: Sequence[FormCheck]) -> str:
    lines = [f'<a id="{annex.id}"></a>', "", f"## {annex.mark} {annex.title}", ""]
    lines += [f"- {label}：{words}" for label, words in _told(annex)]
    rows = (
        (section.title, "、".join(_labels(section.fields)) or "（文字）")
        for section in annex.sections
    )
    lines += ["", *_table(("部分", "内容"), rows)]
    told = ((_place_of(annex, check), check.says, check.basis.words) for check in checks)
    return "\n".join([*lines, *(_table(("核对何处", "应当如何", "依据"), told) if checks else ())])


def _place_of(annex: Annex, check: FormCheck) -> str:
    labels = {field.key: field.label for field in annex.fields}
    return labels[check.table] if check.table else "单项"


def _told(annex: Annex) -> Iterator[tuple[str, str]]:
    yield "用途", annex.purpose
    yield "条款", annex.clause or "指南未作规定"
    yield "由谁填写", annex.filled_by
    yield "何时填写", annex.filled_when
    yield "栏数", _sources(annex)
    if places := _places(annex):
        yield "签章", places
    if annex.restricted:
        yield "存放", "与案卷分开，限制知悉，不随其他表单导出和报送"
    if annex.note:
        yield "说明", annex.note


def _labels(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        yield f"{field.label}（{len(field.columns)}列）" if field.columns else field.label


def _sources(annex: Annex) -> str:
    asked = [*_asked(annex)]
    taken = sum(field.prefill is not None for field in asked)
    derived = sum(field.fact is not None for field in asked)
    parts = [
        f"{count}栏{words}"
        for count, words in ((taken, "取自其他表单"), (derived, "自动算出"))
        if count
    ]
    return f"{len(asked)}栏" + (f"，其中{'、'.join(parts)}" if parts else "")


def _places(annex: Annex) -> str:
    kinds = (FieldType.SIGNATURE, FieldType.SEAL)
    return "、".join(field.label for field in _asked(annex) if field.type in kinds and field.paper)


def main() -> None:
    """Write docs/forms.md."""
    TARGET.write_text(overview(load()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
