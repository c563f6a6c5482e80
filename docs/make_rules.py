"""The list of all rules, docs/rules.md, written from the definitions alone.

Run with: uv run python docs/make_rules.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dxkit.definitions import Definitions, load
from dxkit.models.lifecycle import SEVERITY_WORDS, Duty, Policy, Transition
from dxkit.models.wording import worded

TARGET = Path(__file__).with_name("rules.md")

HEAD = """\
# 办理规则

本文由定义文件生成（`uv run python docs/make_rules.py`），请勿手工改写。
定义版本：{edition}，共{steps}个步骤、{rules}条规则、{policies}项口径。

“必须满足”的，不满足就不能办理下一步；“可以放行”的，由组长书面说明理由后放行，理由印在报告的过程节点表中；
“提醒”的，只提示，不阻止。依据为“本工具设定（假定）”的，不是指南的要求，主管部门可以另定。
"""

SHORT = {"block": "必须满足", "block_unless_overridden": "可以放行", "warn": "提醒"}


def overview(definitions: Definitions) -> str:
    """Return the whole text of docs/rules.md for a set of definitions."""
    assert SHORT.keys() == SEVERITY_WORDS.keys()
    head = HEAD.format(
        edition=definitions.edition,
        steps=len(definitions.transitions),
        rules=len(definitions.rules),
        policies=len(definitions.policies),
    )
    parts = [head, "## 步骤\n", *_table(*_steps(definitions.transitions.values()))]
    parts += ["## 规则\n", *_table(*_rules(definitions))]
    parts += ["## 期限\n", *_table(*_duties(definitions.lifecycle.duties))]
    parts += ["## 口径\n", *_table(*_policies(definitions.policies.values()))]
    return "\n".join(parts)


Rows = tuple[Sequence[str], Iterable[Sequence[object]]]


def _steps(transitions: Iterable[Transition]) -> Rows:
    rows = [
        (each.id, each.title, each.clause or "—", "、".join(each.rules) or "—", each.basis.words)
        for each in transitions
    ]
    return ("步骤", "名称", "条款", "核对的规则", "依据"), rows


def _rules(definitions: Definitions) -> Rows:
    policies = definitions.policies
    rows = [
        (
            rule.id if part is rule.requires[0] else "",
            worded(part.says, policies),
            SHORT[part.severity],
            rule.clause or "—",
            part.basis.words,
            worded(part.mend, policies),
        )
        for rule in definitions.rules.values()
        for part in rule.requires
    ]
    return ("规则", "要求", "级别", "条款", "依据", "怎样办"), rows


def _duties(duties: Iterable[Duty]) -> Rows:
    rows = [(each.says, each.clause or "—", each.basis.words) for each in duties]
    return ("应办事项", "条款", "依据"), rows


def _policies(policies: Iterable[Policy]) -> Rows:
    rows = [
        (each.says, f"{_shown(each.value)}{each.unit}", each.clause or "—", each.basis.words)
        for each in policies
    ]
    return ("口径", "取值", "条款", "依据"), rows


def _shown(value: bool | float) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else f"{value:g}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for cells in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"
    yield ""


def main() -> None:
    """Write docs/rules.md."""
    TARGET.write_text(overview(load()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
