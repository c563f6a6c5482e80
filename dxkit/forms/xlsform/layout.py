"""What is asked on a phone, in which order and under which names; writer and reader share it.

Names are unique in the whole form, because expressions and exported columns are known by them:
`question`, `column__row` in a grid, `table__column` in a repeat, `answer__part` for what goes
with an answer. No key of an annex holds two underscores in a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from dxkit.case.words import METHODS
from dxkit.definitions import Definitions
from dxkit.models.annex import Annex, Choice, Field, FieldType, Section
from dxkit.models.shape import Basis

STAMP = "dx_stamp"
RECORDER, RECORDER_LABEL = "dx_recorder", "记录人"
ENTERPRISE, HEAD = "dx_enterprise", "dx_head"
PARTS = "dx_parts"
BEGUN, ENDED = "dx_begun", "dx_ended"

Role = Literal["answer", "mark", "reason", "proof", "photo"]

_SIGNED = {FieldType.SIGNATURE, FieldType.SEAL}
_UNASKED = {*_SIGNED, FieldType.COMPUTED}
_NESTED = {FieldType.TABLE, FieldType.GRID}


@dataclass(frozen=True)
class Asked:
    """One question on the phone.

    `path` is the key within the annex, a column's key in a repeat; `role` says whether it is
    the answer itself, the mark or reason that it does not apply, how it was found, or a picture.
    """

    name: str
    path: str
    label: str
    field: Field
    role: Role = "answer"


@dataclass(frozen=True)
class Block:
    """Questions shown together; a repeat of a table's rows if `table` is set."""

    name: str
    label: str
    asked: tuple[Asked, ...]
    table: Field | None = None


@dataclass(frozen=True)
class Part:
    """A section of the annex, which a member of the team takes on or leaves to another."""

    section: Section
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Layout:
    """The whole form as it stands on the phone."""

    annex: Annex
    parts: tuple[Part, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield all blocks in order."""
        for part in self.parts:
            yield from part.blocks


def lay_out(annex: Annex, definitions: Definitions) -> Layout:
    """Return what of an annex is asked on a phone; what is computed or signed is not.

    A section with boxes for signatures or seals is a page to be signed and stays on paper.
    """
    parts = [
        Part(section, tuple(_blocks(annex, section, definitions)))
        for section in annex.sections
        if not _SIGNED & {field.type for field in section.fields}
    ]
    return Layout(annex, tuple(part for part in parts if part.blocks))


def _blocks(annex: Annex, section: Section, definitions: Definitions) -> Iterator[Block]:
    asked = [field for field in section.fields if field.type not in _UNASKED]
    for number, (stem, run) in enumerate(groupby(asked, _stem), start=1):
        fields = list(run)
        if fields[0].type is FieldType.TABLE:
            yield from (_repeat(table) for table in fields)
        elif fields[0].type is FieldType.GRID:
            yield from (_grid(annex, grid) for grid in fields)
        else:
            title = _title(section, stem, fields, definitions)
            label = title if number == 1 or stem else f"{title}（续{number - 1}）"
            yield _group(annex, f"{section.id}__{number}", label, fields)


def _stem(field: Field) -> str:
    """Return what questions of one indicator share, such as Q07; a table or grid stands alone."""
    if field.type in _NESTED:
        return f"{field.type.value} {field.key}"
    return field.no.partition(".")[0] if "." in field.no else ""


def _title(section: Section, stem: str, fields: Sequence[Field], definitions: Definitions) -> str:
    """Name the indicators that only these questions decide, or the section where there is none."""
    if not stem:
        return section.title
    asked = Counter(key for each in definitions.indicators for key in each.questions)
    own = {field.key for field in fields if asked[field.key] == 1}
    names = [each.name for each in definitions.indicators if own & set(each.questions)]
    return f"{stem} {'、'.join(names)}".strip()


def _group(annex: Annex, name: str, label: str, fields: Sequence[Field]) -> Block:
    asked = [each for field in fields for each in _single(field)]
    return Block(name, label, (*asked, *_proof(annex, name, label)))


def _single(field: Field) -> Iterator[Asked]:
    yield from _answer(field, field.key, _label(field, field.no))


def _answer(field: Field, path: str, label: str) -> Iterator[Asked]:
    """Yield a question, after the mark and reason that it does not apply where it may not."""
    name = name_of(path)
    if field.may_be_not_applicable:
        mark = _made("mark", FieldType.YES_NO, f"{label}：标为不适用")
        reason = _made("reason", FieldType.TEXT, f"{label}：不适用的理由")
        yield Asked(f"{name}__na", path, mark.label, mark, "mark")
        yield Asked(f"{name}__na_reason", path, reason.label, reason, "reason")
    yield Asked(name, path, label, field)


def name_of(path: str) -> str:
    """Return the phone's name of a question of the annex."""
    return path.replace(".", "__")


def _label(field: Field, no: str = "") -> str:
    unit = f"（{field.unit}）" if field.unit else ""
    return f"{no} {field.label}{unit}".strip()


def _proof(annex: Annex, name: str, label: str) -> Iterator[Asked]:
    """Yield how the answers of a block were found; plain annexes keep no such thing."""
    if annex.answers != "record":
        return
    ways = tuple(Choice(code=code, label=words) for code, words in METHODS.items())
    methods = _made("methods", FieldType.CHOICES, f"采集方式（{label}）", ways, required=True)
    informant = _made("informant", FieldType.TEXT, f"受访或陪同人（{label}）")
    photo = _made("photo", FieldType.EVIDENCE, f"佐证照片（{label}）")
    yield Asked(f"{name}__methods", "methods", methods.label, methods, "proof")
    yield Asked(f"{name}__informant", "informant", informant.label, informant, "proof")
    yield Asked(f"{name}__photo", "", photo.label, photo, "photo")


def _repeat(table: Field) -> Block:
    columns = [each for each in table.columns if each.type not in _UNASKED]
    asked = [Asked(f"{table.key}__{each.key}", each.key, _label(each), each) for each in columns]
    if any(each.type is FieldType.EVIDENCE for each in columns):
        photo = _made("photo", FieldType.EVIDENCE, "本行照片")
        asked.append(Asked(f"{table.key}__row_photo", "", photo.label, photo, "photo"))
    return Block(table.key, _label(table, table.no), tuple(asked), table)


def _grid(annex: Annex, grid: Field) -> Block:
    label = _label(grid, grid.no)
    asked = [
        each
        for row in grid.rows
        for column in grid.columns
        if column.type not in _UNASKED
        for each in _answer(column, f"{column.key}.{row.code}", f"{row.label}·{_label(column)}")
    ]
    name = f"{grid.key}__grid"
    return Block(name, label, (*asked, *_proof(annex, name, label)))


def _made(
    key: str,
    kind: FieldType,
    label: str,
    choices: tuple[Choice, ...] = (),
    required: bool = False,
) -> Field:
    """Return a field for what the phone asks besides the annex's own fields."""
    return Field(
        key=key,
        label=label,
        type=kind,
        choices=choices,
        required="yes" if required else "no",
        basis=Basis.GUIDE if required else Basis.DESIGN,
        clause="4.4.2(2)" if required else "",
    )
