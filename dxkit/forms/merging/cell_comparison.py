"""What became of one value between sending, returning and now; nothing about rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.evidence.secrecy import HIDDEN
from dxkit.forms.phone_masks import is_masked
from dxkit.forms.returned import Unreadable
from dxkit.forms.values import RowName, RowValues, shown_value
from dxkit.forms.written.choices import loosened
from dxkit.forms.written.parsing import Parsed, parse
from dxkit.forms.written.printed import printed
from dxkit.forms.written.sameness import is_as_shown, is_blank, is_empty, is_stroke, same_value
from dxkit.models.annex import Annex, Field, FieldType

_SAME = 1e-9
Outcome = Literal["unchanged", "new", "deletion", "conflict", "refused"]


@dataclass(frozen=True)
class Item:
    """One field or row that came back: where, and in words what was sent, returned and is now.

    `found` and `expected` say of a refused one what could not be read and what would be right;
    `value` is what would be put at `path` if the returned content is taken.
    """

    outcome: Outcome
    path: str
    label: str
    place: str
    sent: str = ""
    returned: str = ""
    now: str = ""
    found: str = ""
    expected: str = ""
    value: Any = None


@dataclass(frozen=True)
class Spot:
    """Where a value stands: for the case, for a person, and in the file."""

    path: str
    label: str
    place: str


@dataclass(frozen=True)
class Judging:
    """Judges single values of one form; `known` tells whether it is known what was sent."""

    annex: Annex
    definitions: Definitions
    then: Case
    known: bool

    def read(self, field: Field, raw: Any, sent: Any, beside: RowValues | None = None) -> Parsed:
        """Read a raw content; what is as it was sent comes out as the very value sent.

        So does a number that was sent with its middle digits hidden. A stroke where nothing was
        sent says that there is nothing.

        `beside` is what else was sent in the row of a table.
        """
        lent = is_blank(sent) and field.prefill and not isinstance(raw, Unreadable)
        if lent and not is_empty(raw) and self._is_lent(field, raw, beside):
            return Parsed(sent)
        if is_masked(field, raw, sent):
            return Parsed(sent)
        if loosened(raw) == loosened(HIDDEN):
            return Parsed(None, HIDDEN, "实际的内容；此处没有随本件提供")
        if is_blank(sent) and is_stroke(raw):
            return Parsed()
        if self.known and is_as_shown(field, raw, sent, self.definitions):
            return Parsed(sent)
        parsed = parse(field, raw, self.definitions)
        unchanged = parsed.readable and same_value(field, parsed.value, sent)
        return Parsed(sent) if self.known and unchanged else parsed

    def _is_lent(self, field: Field, raw: Any, beside: RowValues | None) -> bool:
        lent = shown_value(self.then, self.annex, field, beside=beside)
        return _says(raw, lent)

    def judge(self, field: Field, spot: Spot, sent: Any, parsed: Parsed, now: Any) -> Item:
        """Return what became of a value."""
        sent = sent if self.known else now
        readable = parsed.readable
        return Item(
            outcome=self._outcome(field, sent, parsed.value, now) if readable else "refused",
            path=spot.path,
            label=spot.label,
            place=spot.place,
            sent=printed(field, sent, self.definitions) if self.known else "",
            returned=printed(field, parsed.value, self.definitions) if readable else parsed.found,
            now=printed(field, now, self.definitions),
            found=parsed.found,
            expected=parsed.expected,
            value=parsed.value,
        )

    def _outcome(self, field: Field, sent: Any, returned: Any, now: Any) -> Outcome:
        if same_value(field, returned, sent) or same_value(field, returned, now):
            return "unchanged"
        if not self.known and is_blank(returned):
            return "unchanged"
        if not same_value(field, now, sent):
            return "conflict"
        return "deletion" if is_blank(returned) else "new"

    def overwritten(self, field: Field, raw: Any, now: Case, row: RowName) -> bool:
        """Tell whether people wrote over what the program computes."""
        if field.type is not FieldType.COMPUTED or is_empty(raw):
            return False
        if isinstance(raw, Unreadable):
            return True
        shown = [shown_value(each, self.annex, field, None, row) for each in (self.then, now)]
        return not any(_says(raw, each) for each in shown)


def _says(raw: Any, shown: str) -> bool:
    """Tell whether a raw content is what is shown, as a text or as the number that it is."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        try:
            return abs(float(shown) - raw) < _SAME
        except ValueError:
            return False
    return loosened(raw) == loosened(shown)
