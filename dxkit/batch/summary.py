"""How all results of a folder stand, for people: a page with links, a table for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from dxkit import paths
from dxkit.batch.ledger import Entry, Ledger
from dxkit.batch.places import write_whole
from dxkit.batch.plan import Plan
from dxkit.batch.results import LOG, PREVIOUS
from dxkit.batch.task import Outcome, Status
from dxkit.spreadsheets import csv_of

PAGE, TABLE = "batch_report.html", "batch_report.csv"
WORDS: dict[Status, str] = {
    "ok": "完成",
    "unchanged": "未变，沿用",
    "failed": "出错",
    "dead": "意外终止",
    "timeout": "超时",
    "memory": "超出内存",
    "stopped": "没有轮到",
}
"""How a case went, in one word."""
EARLIER = "以前生成"
HEADS = (
    "企业",
    "名称",
    "结果",
    "用时（秒）",
    "生成原因",
    "问题",
    "最后输出",
    "提醒",
    "文件",
    "移开的文件",
)


@dataclass(frozen=True)
class Line:
    """One case in the summary."""

    outcome: Outcome
    said: str
    reasons: tuple[str, ...] = ()

    @property
    def links(self) -> list[tuple[str, str]]:
        """Return what the files of the case are called and where they are, from the summary."""
        case = quote(self.outcome.case)
        return [(name, f"{case}/{quote(name)}") for name in self.outcome.files]

    @property
    def previous(self) -> str:
        """Return where files were set aside, empty if none were."""
        return f"{quote(self.outcome.case)}/{PREVIOUS}/" if self.outcome.previous else ""


@dataclass(frozen=True)
class Summary:
    """All cases of a folder of results, by id."""

    lines: tuple[Line, ...]
    log: str = LOG

    @cached_property
    def wanting(self) -> list[Line]:
        """Return the cases without current results."""
        return [each for each in self.lines if not each.outcome.stands]

    @cached_property
    def standing(self) -> list[Line]:
        """Return the cases with current results."""
        return [each for each in self.lines if each.outcome.stands]

    @cached_property
    def doubtful(self) -> list[Line]:
        """Return the cases with results whose evidence or journal has something wrong."""
        return [each for each in self.standing if each.outcome.doubts]

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """Return how many cases went how, in the order of the words."""
        found = Counter(line.said for line in self.lines)
        words = dict.fromkeys((*WORDS.values(), EARLIER))
        return [(each, found[each]) for each in words if found[each]]


def write_summary(out: Path, outcomes: Sequence[Outcome], ledger: Ledger, plan: Plan) -> None:
    """Write both; readers see the old or the new file, never a part."""
    reasons = {folder.name: why for folder, why in plan.reasons.items()}
    lines = [Line(each, WORDS[each.status], reasons.get(each.case, ())) for each in outcomes]
    here = {each.case for each in outcomes}
    lines += [_of_before(each) for each in ledger.entries() if each.case not in here]
    summary = Summary(tuple(sorted(lines, key=lambda line: line.outcome.case)))
    write_whole(out / PAGE, _page(summary).encode("utf-8"))
    write_whole(out / TABLE, csv_of(HEADS, map(_cells, summary.lines)))


def _of_before(entry: Entry) -> Line:
    """Return the line of a case that this batch was not about."""
    status: Status = "stopped"
    if entry.state == "ok":
        status = "unchanged"
    elif entry.state in ("failed", "dead", "timeout", "memory"):
        status = entry.state
    files = tuple(sorted(entry.files)) if status == "unchanged" else ()
    name = entry.name or entry.case
    told = {"problems": entry.problems, "lines": entry.lines, "doubts": entry.doubts}
    outcome = Outcome(entry.case, name, status, entry.seconds, files, **told)
    return Line(outcome, EARLIER if status == "unchanged" else WORDS[status])


def _page(summary: Summary) -> str:
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - only needed at the end

    loader = FileSystemLoader(paths.templates() / "batch", encoding="utf-8")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("summary.html.j2").render(summary=summary)


def _cells(line: Line) -> list[str]:
    outcome = line.outcome
    return [
        outcome.case,
        outcome.name,
        line.said,
        f"{outcome.seconds:.1f}",
        "；".join(line.reasons),
        "\n".join(outcome.problems),
        "\n".join(outcome.lines),
        "\n".join(outcome.doubts),
        " ".join(outcome.files),
        " ".join(outcome.previous),
    ]
