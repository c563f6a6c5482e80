"""Which question a column of an export holds, by its name or label, with or without groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dxkit.definitions import Definitions
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
)
from dxkit.forms.xlsform.survey import choices_of
from dxkit.models.annex import FieldType

SEVERAL = {FieldType.CHOICES, FieldType.INDICATORS}
_OWN = (STAMP, RECORDER, PARTS, BEGUN, ENDED, ENTERPRISE, HEAD)
_SERVER = {
    "KEY",
    "PARENT_KEY",
    "SubmissionDate",
    "SubmitterID",
    "SubmitterName",
    "AttachmentsPresent",
    "AttachmentsExpected",
    "Status",
    "ReviewState",
    "DeviceID",
    "Edits",
    "FormVersion",
    "instanceID",
    "instanceName",
    "deprecatedID",
    "rootUuid",
    "formhub/uuid",
}


@dataclass(frozen=True)
class Column:
    """What a column is for: a question, one choice of it, or something besides."""

    block: Block
    asked: Asked
    option: str | None = None


@dataclass(frozen=True)
class Heads:
    """Knows all names and labels of a phone form."""

    layout: Layout
    definitions: Definitions

    def own(self, head: str) -> str | None:
        """Return which of the form's own entries a column holds, such as the stamp."""
        tail = next((each for each in _tails(head) if each in _OWN), None)
        labelled = any(each == RECORDER_LABEL for each in _tails(head))
        return tail or (RECORDER if labelled else None)

    def is_known(self, head: str) -> bool:
        """Tell whether a column is one that the server or the form adds for itself."""
        tail = head.rpartition("/")[2].rpartition("-")[2]
        return (
            head.startswith(("_", "SET-OF-"))
            or not _SERVER.isdisjoint({head, tail})
            or tail.endswith(("_note", "__help"))
            or self.own(head) is not None
        )

    def find(self, head: str, table: str | None = None) -> Column | None:
        """Return what a column holds; labels are looked for among one table's questions.

        A code may be the name of another question, so a choice's own column is looked for first.
        """
        return self._option(head, table) or self._whole(head, table)

    def _option(self, head: str, table: str | None) -> Column | None:
        pieces = head.split("/")
        for cut in range(len(pieces) - 1, 0, -1):
            column = self._whole("/".join(pieces[:cut]), table)
            if column is not None and column.asked.field.type in SEVERAL:
                code = self.codes(column.asked).get("/".join(pieces[cut:]))
                if code is not None:
                    return Column(column.block, column.asked, code)
        return None

    def codes(self, asked: Asked) -> Mapping[str, str]:
        """Return the codes of a question's choices by themselves and by their labels."""
        choices = choices_of(asked.field, self.definitions)
        return {**{each.label: each.code for each in choices}, **{c.code: c.code for c in choices}}

    def _whole(self, head: str, table: str | None) -> Column | None:
        for tail in _tails(head):
            if column := self._by_name.get(tail) or self._by_label.get((table, tail)):
                return column
        return None

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {
            each.name: Column(block, each) for block in self.layout.blocks() for each in block.asked
        }

    @cached_property
    def _by_label(self) -> dict[tuple[str | None, str], Column]:
        return {
            (block.table.key if block.table else None, each.label): Column(block, each)
            for block in self.layout.blocks()
            for each in block.asked
        }


def _tails(head: str) -> Iterator[str]:
    """Yield a head, then without the groups before it: `group/name`, or `group-name`."""
    pieces = head.split("/")
    yield from ("/".join(pieces[start:]) for start in range(len(pieces)))
    if "-" in head:
        yield head.rpartition("-")[2]
