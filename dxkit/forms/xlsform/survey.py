"""The rows of the sheets survey and choices: how each question is put on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dxkit.definitions import Definitions
from dxkit.forms.xlsform.expressions import NO, YES, Find, both, condition, limits, literal
from dxkit.forms.xlsform.layout import (
    BEGUN,
    ENDED,
    ENTERPRISE,
    HEAD,
    PARTS,
    RECORDER,
    RECORDER_LABEL,
    STAMP,
    Asked,
    Block,
    Layout,
    Part,
    name_of,
)
from dxkit.models.annex import NUMERIC, Choice, Field, FieldType

Row = dict[str, str]

_TYPES = {
    **dict.fromkeys(NUMERIC, "decimal"),
    FieldType.COUNT: "integer",
    FieldType.YEAR: "integer",
    FieldType.DATE: "date",
    FieldType.TIME: "time",
    FieldType.DATETIME: "dateTime",
}
_ONE = {FieldType.YES_NO, FieldType.CHOICE, FieldType.LADDER, FieldType.REGION, FieldType.INDUSTRY}
_SEVERAL = {FieldType.CHOICES, FieldType.INDICATORS}
_YES_NO = (Choice(code=YES, label="是"), Choice(code=NO, label="否"))
_PHOTO = "max-pixels=2560"  # a nameplate stays legible, and a poor network can send it
_UNKNOWN = "不清楚的留空，不要填0，也不要选“否”：留空就是未知。"
_NUMBERED = "填证据编号，几个编号之间用顿号隔开；还没有编号的留空。"


def choices_of(field: Field, definitions: Definitions) -> tuple[Choice, ...]:
    """Return what can be chosen in a field; empty if one does not choose."""
    if field.type is FieldType.YES_NO:
        return _YES_NO
    if field.type is FieldType.INDICATORS:
        named = [(each.id, f"{each.no} {each.short_name}") for each in definitions.indicators]
        named += [(each.code, each.label) for each in field.choices]
    elif field.type is FieldType.REGION:
        named = [(each.code, each.name) for each in definitions.regions.regions]
    elif field.type is FieldType.INDUSTRY:
        named = [(each.code, each.name) for each in definitions.industries.divisions]
    else:
        return field.choices
    return tuple(Choice(code=code, label=label) for code, label in named)


@dataclass
class ChoiceLists:
    """The lists of choices in use; equal ones are written once, under the first asker's name."""

    names: dict[tuple[Choice, ...], str] = field(default_factory=dict)

    def name_for(self, choices: tuple[Choice, ...], asker: str) -> str:
        """Return the name of the list with these choices."""
        return self.names.setdefault(choices, f"list_{asker}")

    def rows(self) -> Iterator[Row]:
        """Yield the rows of the sheet choices."""
        for choices, name in self.names.items():
            for each in choices:
                yield {"list_name": name, "name": each.code, "label": each.label}


@dataclass(frozen=True)
class Survey:
    """Writes the rows of the sheet survey and gathers the choices on the way."""

    layout: Layout
    definitions: Definitions
    lists: ChoiceLists

    def rows(self, stamp: str, enterprise: str) -> list[Row]:
        """Return all rows; without an enterprise its name is asked."""
        return [*self._head(stamp, enterprise), *self._parts()]

    def _head(self, stamp: str, enterprise: str) -> Iterator[Row]:
        yield {"type": "start", "name": BEGUN}
        yield {"type": "end", "name": ENDED}
        yield {"type": "calculate", "name": STAMP, "calculation": literal(stamp)}
        if enterprise:
            yield _row("note", HEAD, f"企业：{enterprise}")
        else:
            yield _row("text", ENTERPRISE, "企业名称", required="yes")
        yield _row("text", RECORDER, RECORDER_LABEL, required="yes")
        parts = (each.section for each in self.layout.parts)
        sections = tuple(Choice(code=each.id, label=each.title) for each in parts)
        listed = self.lists.name_for(sections, PARTS)
        hint = f"{_UNKNOWN}只显示所选的部分；没有写完可以先存为草稿。同一部分请由同一人填写。"
        label = "本次填写哪些部分"
        yield _row(f"select_multiple {listed}", PARTS, label, hint=hint, required="yes")

    def _parts(self) -> Iterator[Row]:
        for part in self.layout.parts:
            name, chosen = f"part_{part.section.id}", f"selected(${{{PARTS}}}, '{part.section.id}')"
            yield _row("begin_group", name, part.section.title, relevant=chosen)
            if part.section.note:
                yield _row("note", f"{name}_note", part.section.note)
            yield from self._blocks(part)
            yield {"type": "end_group"}

    def _blocks(self, part: Part) -> Iterator[Row]:
        for block in part.blocks:
            kind, shown = "group", ""
            if block.table is not None:
                kind, shown = "repeat", condition(block.table.shown_if, self._finder(""))
                yield from _help_before(block)
            yield _row(f"begin_{kind}", block.name, block.label, relevant=shown)
            find = self._finder(f"{block.name}__" if block.table is not None else "")
            for asked in block.asked:
                yield self._question(asked, block, find)
            yield {"type": f"end_{kind}"}

    def _finder(self, prefix: str) -> Find:
        """Return what finds a question by key: a column of the same row, or one of the form."""
        by_name = {each.name: each for block in self.layout.blocks() for each in block.asked}

        def find(key: str) -> tuple[str, Field] | None:
            asked = by_name.get(prefix + name_of(key))
            return (asked.name, asked.field) if asked is not None else None

        return find

    def _question(self, asked: Asked, block: Block, find: Find) -> Row:
        kind, appearance = self._type(asked)
        constraint, message = limits(asked.field, find) if asked.role == "answer" else ("", "")
        return _row(
            kind,
            asked.name,
            asked.label,
            hint=_hint(asked),
            appearance=appearance,
            parameters=_PHOTO if kind == "image" else "",
            relevant=_relevant(asked, find),
            required=_required(asked, block),
            constraint=constraint,
            constraint_message=message,
        )

    def _type(self, asked: Asked) -> tuple[str, str]:
        field, choices = asked.field, choices_of(asked.field, self.definitions)
        if asked.role == "photo":
            return "image", ""
        if field.type in _ONE:
            return f"select_one {self.lists.name_for(choices, asked.name)}", _compact(choices)
        if field.type in _SEVERAL:
            return f"select_multiple {self.lists.name_for(choices, asked.name)}", ""
        appearance = "multiline" if field.type is FieldType.LONG_TEXT else ""
        return _TYPES.get(field.type, "text"), appearance


def _compact(choices: tuple[Choice, ...]) -> str:
    return "minimal" if len(choices) > 12 else ""


def _row(kind: str, name: str, label: str, **more: str) -> Row:
    said = {key: value for key, value in more.items() if value}
    if "required" in said:
        said["required_message"] = "此项必填。"
    if "constraint_message" in said:
        said["constraint_message"] += "。"
    return {"type": kind, "name": name, "label": label, **said}


def _help_before(block: Block) -> Iterator[Row]:
    if block.table is not None and block.table.help:
        yield _row("note", f"{block.name}__help", block.label, hint=block.table.help)


def _hint(asked: Asked) -> str:
    field = asked.field
    if asked.role == "photo":
        return "限于企业允许拍摄的区域；返回后登记为证据。"
    if asked.role in ("mark", "reason"):
        return "确实没有这项业务的，选“是”并写明理由。" if asked.role == "mark" else ""
    clause = f"，{field.clause}" if field.clause else ""
    parts = [
        field.help,
        "留空的按明细表计数。" if field.tally is not None else "",
        _NUMBERED if field.type in (FieldType.EVIDENCE, FieldType.REFERENCES) else "",
        f"依据：{field.basis.words}{clause}。",
    ]
    return "".join(part for part in parts if part)


def _relevant(asked: Asked, find: Find) -> str:
    mark = f"{name_of(asked.path)}__na"
    if asked.role == "reason":
        return f"${{{mark}}} = '{YES}'"
    shown = condition(asked.field.shown_if, find)
    unmarked = f"${{{mark}}} != '{YES}'" if asked.field.may_be_not_applicable else ""
    return both(shown, unmarked)


def _required(asked: Asked, block: Block) -> str:
    """Ask for what makes an answer count, never for the answer: what is unknown stays blank.

    A phone that insists gets a 0 or a no that nobody found. Only a row needs its first column.
    """
    names_row = block.table is not None and asked is block.asked[0]
    insists = asked.role == "reason" or (asked.role == "proof" and asked.field.required == "yes")
    return "yes" if names_row or insists else ""
