"""`dxkit assess` and `dxkit check`: one enterprise's results, and whether definitions hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxkit.cli import chinese
from dxkit.cli.screen import complain, say, show_table, warn_of_case

if TYPE_CHECKING:
    from dxkit.diagnosis import Diagnosis


@click.command(cls=chinese.Command, short_help="查看一家企业的24项指标。")
@click.argument("case", metavar="企业")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，含界限、条件和理由。")
def assess(case: str, as_json: bool) -> int:
    """测算一家企业的24项指标，并检查答案之间的矛盾。"""
    import json

    from dxkit.case import open_case
    from dxkit.diagnosis import diagnose
    from dxkit.diagnosis.plain import as_plain

    opened = open_case(case)
    warn_of_case(opened)
    diagnosis = diagnose(opened)
    if as_json:
        say(json.dumps(as_plain(diagnosis), ensure_ascii=False, indent=1))
    else:
        _show(diagnosis)
    return 0


def _show(diagnosis: Diagnosis) -> None:
    rows = [
        [str(each.indicator.no), each.indicator.name, each.words, each.reason]
        for each in diagnosis.results
    ]
    show_table(["序号", "指标", "结果", "理由"], rows, diagnosis.case.name)
    for finding in diagnosis.findings:
        say(f"{finding.severity_words}：{finding.says}（{'；'.join(finding.answers)}）")
    known = sum(each.state == "known" for each in diagnosis.results)
    total = len(diagnosis.results)
    say(f"已知 {known} 项，共 {total} 项；矛盾和提示 {len(diagnosis.findings)} 条。")


@click.command(cls=chinese.Command, short_help="检查全部定义并运行算例。")
@click.argument(
    "directory", metavar="[定义文件夹]", required=False, type=click.Path(path_type=Path)
)
def check(directory: Path | None) -> int:
    """检查指标、附件、规则和参考数据是否完整一致，并运行其中的全部算例。"""
    from dxkit.definitions import load
    from dxkit.errors import DefinitionError, Problem
    from dxkit.lifecycle import fact_names, worked_cases
    from dxkit.proof import failures

    if directory is not None and not directory.is_dir():
        raise DefinitionError(Problem(str(directory), "", "没有这个文件夹", "放有定义文件的文件夹"))
    definitions = load(directory)
    wrong = list(failures(definitions))
    unruly = [*fact_names.unknown_facts(definitions), *worked_cases.failures(definitions)]
    amiss = list(worked_cases.failures_of_checks(definitions))
    for problem in (*wrong, *unruly, *amiss):
        complain(str(problem))
    cases = sum(len(each.cases) for each in definitions.indicators)
    fields = sum(1 for annex in definitions.annexes.values() for _ in annex.questions())
    say(
        f"第 {definitions.edition} 版：{len(definitions.indicators)} 项指标，"
        f"{len(definitions.annexes)} 张表 {fields} 个字段，{len(definitions.checks)} 条矛盾检查，"
        f"{len(definitions.benchmarks)} 条公布值；{cases} 个算例，{len(wrong)} 个不符。"
    )
    rules = definitions.rules.values()
    proven = sum(len(rule.cases) for rule in rules)
    say(f"{len(rules)} 条规则，{proven} 个算例，{len(unruly)} 个不符。")
    checks = [each for form in definitions.form_checks.values() for each in form]
    shown = sum(len(each.passes) + len(each.fails) for each in checks)
    say(f"{len(checks)} 项表内核对，{shown} 个算例，{len(amiss)} 个不符。")
    return 2 if wrong or unruly or amiss else 0
