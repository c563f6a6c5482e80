"""What a field team sent back from its phones, in the shape that every returned form has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit.definitions import Definitions
from dxkit.errors import FormError, Problem
from dxkit.forms.record_parts import asks_record
from dxkit.forms.returned import Cell, Returned, Row, Table, Unmatched
from dxkit.forms.xlsform.exports import read_export
from dxkit.forms.xlsform.heads import Heads
from dxkit.forms.xlsform.layout import Layout, lay_out
from dxkit.forms.xlsform.submissions import Given, Submission, submissions_in
from dxkit.models.annex import Annex

_PHOTO = "照片不随答案导入：请用 dxkit evidence add 登记，再把证据编号填入该题"


@dataclass(frozen=True)
class Said:
    """One field as one submission gives it."""

    path: str
    raw: Any
    place: str
    by: Submission


def read_returned_data(path: Path, annex: Annex, definitions: Definitions, case: str) -> Returned:
    """Read the data of a phone form that a server exported.

    Blank answers are left out: what a phone does not say was not collected. Where several
    submissions answer one field differently, none of the answers is taken and all are listed.

    Args:
        path: xlsx, CSV or a zip of CSVs, from ODK Central or KoboToolbox, by names or labels.
        annex: the form.
        definitions: the set the form belongs to.
        case: the id of the enterprise; submissions made for another one are listed.

    Raises:
        FormError: if the file is no such export, or holds no submission of this form.
    """
    heads = Heads(lay_out(annex, definitions), definitions)
    found, lost = submissions_in(read_export(path), heads)
    if not found:
        expected = f"{annex.mark}手机表单的导出数据，含 dx_stamp 和记录人两列"
        raise FormError(Problem(str(path), "", "没有这张表的填报记录", expected))
    ours, foreign = _ours(found, annex, case)
    cells, disagreed = _agreed([each for one in ours for each in _said(one, annex)])
    return Returned(
        format="csv",  # like a CSV it says only what was collected
        annex=annex.id,
        stamp=max((one.stamp for one in ours if one.stamp), key=lambda each: each.n, default=None),
        cells=tuple(Cell(each.path, each.raw, each.place) for each in cells),
        tables=tuple(_tables(ours, heads.layout)),
        unmatched=(*lost, *foreign, *disagreed, *_photos(ours)),
    )


def _ours(
    found: Sequence[Submission], annex: Annex, case: str
) -> tuple[list[Submission], list[Unmatched]]:
    ours, foreign = [], []
    for one in found:
        stamp = one.stamp
        if stamp is not None and (stamp.annex != annex.id or stamp.case not in ("", case)):
            who = f"{one.recorder} {one.at}".strip()
            foreign.append(Unmatched(one.place, who, f"是 {stamp.case} 的 {stamp.annex}，没有读入"))
        else:
            ours.append(one)
    return ours, foreign


def _said(one: Submission, annex: Annex) -> Iterator[Said]:
    """Yield the fields that a submission fills, each answer with how it was found."""
    proof: dict[str, list[Given]] = {}
    for block, given in one.given:
        if given.asked.role == "proof":
            proof.setdefault(block, []).append(given)
    for block, given in one.given:
        path = given.asked.path
        record = asks_record(annex, given.asked.field)
        if given.asked.role == "reason":
            yield Said(f"{path}.not_applicable", given.raw, given.place, one)
        elif given.asked.role == "answer":
            yield Said(f"{path}.onsite" if record else path, given.raw, given.place, one)
        if record and given.asked.role in ("answer", "reason"):
            yield from _beside(one, path, given.place, proof.get(block, ()))


def _beside(one: Submission, path: str, place: str, proof: Sequence[Given]) -> Iterator[Said]:
    for each in proof:
        yield Said(f"{path}.{each.asked.path}", each.raw, each.place, one)
    if one.recorder:
        yield Said(f"{path}.recorder", one.recorder, place, one)
    if one.at:
        yield Said(f"{path}.recorded_at", one.at, place, one)


def _agreed(said: Sequence[Said]) -> tuple[list[Said], list[Unmatched]]:
    """Return the fields on which all submissions agree, the latest word of each, and the rest.

    An answer and what goes with it are agreed or disagreed on together.
    """
    values: dict[str, list[Said]] = {}
    for each in said:
        values.setdefault(each.path, []).append(each)
    torn = {path for path, several in values.items() if _differ(path, several)}
    both = {f"{path.removesuffix('.onsite')}.not_applicable": path for path in values}
    torn |= {each for mark, path in both.items() if mark in values for each in (mark, path)}
    torn_answers = {path.rpartition(".")[0] for path in torn if _decides(path)}
    kept = [several[-1] for path, several in values.items() if not _within(path, torn_answers)]
    listed = [
        Unmatched(each.place, str(each.raw), _disagreement(_rivals(each, values)), answer=True)
        for path in values
        if path in torn
        for each in values[path]
    ]
    return [each for each in kept if each.path not in torn], listed


def _within(path: str, answers: set[str]) -> bool:
    return path.rpartition(".")[0] in answers


def _decides(path: str) -> bool:
    return path.endswith((".onsite", ".not_applicable"))


def _differ(path: str, several: Sequence[Said]) -> bool:
    """Tell whether submissions contradict each other; who wrote when, and how, may differ."""
    if path.endswith((".recorder", ".recorded_at", ".methods", ".informant")):
        return False
    return len({str(each.raw).strip() for each in several}) > 1


def _rivals(one: Said, values: Mapping[str, list[Said]]) -> Iterator[Said]:
    """Yield what else was said of the same answer."""
    answer = one.path.rpartition(".")[0] if _decides(one.path) else one.path
    paths = (f"{answer}.onsite", f"{answer}.not_applicable") if _decides(one.path) else (answer,)
    yield from (each for path in paths for each in values.get(path, ()) if each is not one)


def _disagreement(rivals: Iterator[Said]) -> str:
    others = "；".join(f"{each.by.recorder or '未署名'}填“{each.raw}”" for each in rivals)
    return f"与另一次填报不一致（{others}），都没有读入，请核对后填写"


def _tables(ours: Sequence[Submission], layout: Layout) -> Iterator[Table]:
    """Yield the tables with the rows of all submissions; a row sent twice counts once."""
    for block in layout.blocks():
        if block.table is None:
            continue
        lines = [line for one in ours for line in one.rows.get(block.table.key, ())]
        rows = {_content(line): row for line in reversed(lines) if (row := _row(line)).cells}
        columns = dict.fromkeys(key for row in rows.values() for key in row.cells)
        if rows:
            yield Table(block.table.key, tuple(columns), tuple(reversed(rows.values())))


def _row(line: Sequence[Given]) -> Row:
    cells = {e.asked.path: (e.raw, e.place) for e in line if e.asked.role == "answer"}
    return Row(None, cells, line[0].place)


def _content(line: Sequence[Given]) -> tuple[tuple[str, str], ...]:
    return tuple((each.asked.path, str(each.raw)) for each in line if each.asked.role == "answer")


def _photos(ours: Sequence[Submission]) -> Iterator[Unmatched]:
    for one in ours:
        lines = [given for _, given in one.given]
        lines += [given for rows in one.rows.values() for line in rows for given in line]
        for each in lines:
            if each.asked.role == "photo":
                yield Unmatched(each.place, str(each.raw), f"{each.asked.label}：{_PHOTO}")
