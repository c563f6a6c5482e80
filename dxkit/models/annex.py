"""The shape of an annex: its fields in the order they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag
from pydantic import Field as Constraint

from dxkit.models.rules import Codes, Condition
from dxkit.models.shape import (
    AnswerPath,
    Basis,
    Code,
    Key,
    QuestionKey,
    Shape,
    Text,
    keys_of,
)


class FieldType(StrEnum):
    """What a field holds; the forms, the checks and the Excel sheets all follow it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    COUNT = "count"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    YEAR = "year"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    YES_NO = "yes_no"
    CHOICE = "choice"
    LADDER = "ladder"
    CHOICES = "choices"
    INDICATORS = "indicators"
    PHONE = "phone"
    EMAIL = "email"
    CREDIT_CODE = "credit_code"
    REGION = "region"
    INDUSTRY = "industry"
    EVIDENCE = "evidence"
    REFERENCES = "references"
    SIGNATURE = "signature"
    SEAL = "seal"
    COMPUTED = "computed"
    TABLE = "table"
    GRID = "grid"


NUMERIC = {
    FieldType.COUNT,
    FieldType.NUMBER,
    FieldType.PERCENT,
    FieldType.MONEY,
    FieldType.YEAR,
}
COUNTABLE = NUMERIC - {FieldType.YEAR}
CHOOSING = {FieldType.CHOICE, FieldType.LADDER, FieldType.CHOICES}
OFFERING = CHOOSING | {FieldType.INDICATORS}
TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}

Called = Literal["forms", "steps", "rules"]
SeedName = Literal["tasks", "materials", "service_records"]
Orientation = Literal["portrait", "landscape"]
TEXT_WIDTH: dict[Orientation, int] = {"portrait": 156, "landscape": 225}
"""The width between the margins of a printed A4 page in millimetres."""


class Choice(Shape):
    """One choice: a stable code that is stored and a Chinese label that is shown."""

    code: Code
    label: Text
    departments: tuple[Text, ...] = ()
    """Whom a row of a grid is asked of, where it is not everybody."""


class Tally(Shape):
    """A number that the rows of a repeating table give by themselves."""

    table: Key
    sum: Key | None = None
    where: dict[Key, Codes] = {}


class GridTally(Shape):
    """A number of grid rows that were given one of some codes."""

    grid: Key
    codes: Codes


def _source_of(value: Any) -> str:
    return "kind:grid" if keys_of(value) & {"grid", "codes"} else "kind:table"


AnyTally = Annotated[
    Annotated[Tally, Tag("kind:table")] | Annotated[GridTally, Tag("kind:grid")],
    Discriminator(_source_of),
]


class Field(Shape):
    """One field as printed; a `table` repeats its columns, a `grid` asks them of fixed rows."""

    key: Key
    label: Text
    type: FieldType
    no: str = ""
    unit: str = ""
    required: Literal["yes", "no", "conditional", "auto"] = "no"
    help: str = ""
    choices: tuple[Choice, ...] = ()
    """What can be chosen; beside indicators, what may be said instead of them."""
    minimum: float | None = None
    maximum: float | None = None
    at_most: QuestionKey | None = None
    at_least: QuestionKey | None = None
    tally: AnyTally | None = None
    required_if: Condition | None = None
    shown_if: Condition | None = None
    may_be_not_applicable: bool = False
    role: Literal["decides", "supports", "record"] = "record"
    links: str = ""
    basis: Basis
    clause: str = ""
    source: str = ""
    longest: int | None = Constraint(default=None, ge=1)
    """The most characters a text may have."""
    prefill: AnswerPath | None = None
    """Where in another form the value stands, such as `annex_3.enterprise_name`.

    A column may also name a column of another form's table, such as `annex_5.meetings.held_on`:
    the row whose first column has the value that this row has in its column of the same key.
    In a record form the value is the self-reported one.
    """
    fact: Key | None = None
    """The named fact of the case that a computed field shows.

    For the column of a table the fact has a value for each row in their order, for the column of
    a grid a value by row code.
    """
    names: Called | None = None
    """Whose ids a text may hold; what they are called is shown in their place."""
    paper: bool = True
    """Whether the printed form has room for it; the Excel form always has."""
    kept_back: bool = False
    """Whether what it holds stays in the case: no report and no form for others shows it."""
    masked: bool = False
    """Whether a phone number is shown without its middle digits except on the paper original."""
    filed_as: Text | None = None
    """What a paper is called whose file a column names, such as 签到表: it is filed by that."""
    registered: Literal["number", "content"] | None = None
    """Whether it is set when a file is registered: a form that comes back changes no number that
    is there and no content at all."""
    header: int | None = Constraint(default=None, ge=1)
    """The place of this field among what stands at the head of every form, from 1."""
    by_hand: bool = False
    """Whether people write a computed value where a blank form is filled in by hand."""
    dated_by: Key | None = None
    """The field or column that says when a box was signed or sealed in."""
    width: int | None = Constraint(default=None, ge=5)
    """The width of a printed column in millimetres, where its type does not tell it."""
    columns: tuple[Field, ...] = ()
    rows: tuple[Choice, ...] = ()
    numbered: bool = False
    """Whether a grid's rows are counted on paper; in Excel they always are."""
    asked_of: tuple[Code, ...] = ()
    """The rows of a grid that a column is asked of, where it is not all of them."""
    blank_rows: int = Constraint(default=0, ge=0)
    minimum_rows: int = Constraint(default=0, ge=0)
    seed: SeedName | None = None
    """The seeds whose rows a table that nobody has begun is printed with."""
    seed_taken: Literal["begun", "written"] = "begun"
    """Which proposed rows of a returned form are taken: all that still stand there once one was
    written in or removed, or only those written in."""
    layout: Literal["rows", "cards"] = "rows"
    """Whether a table is printed as rows, or each row as a sheet of its own."""
    within: Key | None = None
    """The table of cards whose sheets carry this table's rows, by that table's first column."""

    def is_asked_of(self, row: str) -> bool:
        """Tell whether a column of a grid is to be filled in in a row."""
        return not self.asked_of or row in self.asked_of

    def label_of(self, code: object) -> str:
        """Return the label of a stored code; the code itself if it is none of the choices."""
        text = str(code)
        return next((choice.label for choice in self.choices if choice.code == text), text)

    def step_of(self, code: object) -> int | None:
        """Return a code's position among the ordered choices, from 0; None if it is not one."""
        text = str(code)
        return next((i for i, choice in enumerate(self.choices) if choice.code == text), None)


class Section(Shape):
    """A printed block of an annex."""

    id: Key
    title: Text
    note: str = ""
    text: tuple[Text, ...] = ()
    """Paragraphs printed before the fields; `{enterprise_name}` and the like are filled in."""
    text_size: Literal["letter", "form"] = "letter"
    """Whether its paragraphs are set as those of a letter or in the size of what is filled in."""
    new_page: bool = False
    """Whether it begins a page, so that it can be torn off."""
    orientation: Orientation | None = None
    """The page of this section, where it is not the annex's."""
    office: bool = False
    """Whether only the office that keeps the case fills it in and sees it: it stands neither on
    paper nor in the Excel form that goes out, only in one that is asked for the office itself."""
    fields: tuple[Field, ...] = ()

    def questions(self) -> Iterator[tuple[str, Field]]:
        """Yield every single question with its key; a grid gives `column.row` for each cell."""
        for field in self.fields:
            if field.type is not FieldType.GRID:
                yield field.key, field
                continue
            for column in field.columns:
                for row in field.rows:
                    first = column.key == field.key
                    label = row.label if first else f"{row.label}·{column.label}"
                    yield f"{column.key}.{row.code}", column.model_copy(update={"label": label})


class Annex(Shape):
    """One annex or auxiliary record of the guide."""

    edition: Text
    id: Key
    mark: Text
    title: Text
    clause: str = ""
    basis: Basis
    purpose: Text
    filled_by: Text
    filled_when: Text
    answers: Literal["plain", "record"] = "plain"
    restricted: bool = False
    """Whether it is kept apart from the case and leaves it only when asked for by name."""
    orientation: Orientation = "portrait"
    note: str = ""
    sections: tuple[Section, ...] = Constraint(min_length=1)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return all fields in printed order."""
        return tuple(field for section in self.sections for field in section.fields)

    @property
    def for_office(self) -> tuple[Section, ...]:
        """Return the sections that never go out to whom the form is sent."""
        return tuple(section for section in self.sections if section.office)

    @property
    def kept_by_program(self) -> bool:
        """Tell whether nobody fills it in: every field is noted by the program itself."""
        return all(field.required == "auto" for field in self.fields)

    def questions(self) -> Iterator[tuple[str, Field]]:
        """Yield every single question with its key; a grid gives `column.row` for each cell."""
        for section in self.sections:
            yield from section.questions()


Field.model_rebuild()
