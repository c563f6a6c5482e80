"""The shape of the plan that says what goes into a pack for whom, and what a record is made of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from dxkit.models.shape import AnswerPath, Basis, Code, Key, Shape, Text

FormFormat = Literal["docx", "xlsx"]


class Folder(Shape):
    """One folder of a pack: the report, forms, files of a table or of the records, and the like."""

    name: Text
    takes: Literal["report", "forms", "files", "records", "filing", "supplement", "case"]
    forms: tuple[Key, ...] = ()
    """The annexes whose filled forms lie in it."""
    formats: tuple[FormFormat, ...] = ("docx",)
    table: AnswerPath | None = None
    """The table whose rows name the files."""
    title: Key | None = None
    """The column that says what a file is."""
    where: dict[Key, tuple[Code, ...]] = {}
    """Which rows count, by the codes in their columns; all if empty."""
    every: bool = False
    """Whether every issued version of the report lies in it; otherwise only the last one."""

    @model_validator(mode="after")
    def _whole(self) -> Folder:
        if (self.takes == "forms") != bool(self.forms):
            raise ValueError("takes 为 forms 的列出 forms，其他的不列")
        if (self.takes == "files") != (self.table is not None and self.title is not None):
            raise ValueError("takes 为 files 的写明 table 和 title，其他的不写")
        return self


class Ledger(Shape):
    """The ledger whose needed rows must have been formed before a pack is made."""

    table: AnswerPath
    number: Key
    title: Key
    needed: Key
    state: Key
    unformed: tuple[Code, ...] = Field(min_length=1)
    copies: Key
    sent_to: Key
    """The column that names the packs, by their ids, with which a record is handed in on paper."""
    later: tuple[int, ...] = ()
    """The numbers of rows that are only formed when, or after, the pack is handed in."""
    missing: Key
    """The fact that names the rows which ought to be formed and are not."""


class Naming(Shape):
    """A field or column that names files of the case, and what they are."""

    at: AnswerPath
    where: dict[Key, tuple[Code, ...]] = {}
    """Of a table, which rows count, by the codes in their columns; all if empty."""
    what: Text
    optional: bool = False
    """Whether the record is whole without such a file."""


class Record(Shape):
    """What of a case makes up one row of the ledger, besides the file that the row itself names."""

    number: int = Field(ge=1)
    report: bool = False
    filing: bool = False
    forms: tuple[Key, ...] = ()
    files: tuple[Naming, ...] = ()


class Receipt(Shape):
    """Where a recipient's receipt of a list stands, and where a list it covers is kept."""

    received: AnswerPath
    """The field that is filled once the recipient has the list."""
    renewed: tuple[Key, ...] = Field(min_length=1)
    """The fields of the form that belong to one list: they are empty again for the next."""
    earlier: AnswerPath
    """The table, with columns of the same keys, that takes up what a further list replaces."""


class Issues(Shape):
    """Where the issued versions of the report are noted, the latest last, and their files."""

    table: AnswerPath
    version: Key
    files: Key


class Pack(Shape):
    """What is packed for one recipient."""

    id: Key
    label: Text
    title: Text
    clause: str = ""
    basis: Basis
    complete: bool
    """Whether it is refused while the report is not issued or a needed record is missing."""
    items: AnswerPath | None = None
    """The table that takes the list of what was packed."""
    receipt: Receipt | None = None
    addressee: Code | None = None
    """What the ledger calls the recipient, where that is not the pack's id."""
    folders: tuple[Folder, ...] = Field(min_length=1)

    @property
    def recipient(self) -> str:
        """Return what the ledger calls the recipient."""
        return self.addressee or self.id

    @property
    def shows_records(self) -> bool:
        """Tell whether its index goes through the ledger row by row."""
        return any(folder.takes == "records" for folder in self.folders)

    @property
    def takes_supplement(self) -> bool:
        """Tell whether it holds the pages that only the archive copy of a report has."""
        return any(folder.takes == "supplement" for folder in self.folders)


class HandoverPlan(Shape):
    """All packs of one edition."""

    edition: Text
    ledger: Ledger
    records: tuple[Record, ...] = ()
    """What makes up the rows of the ledger; what belongs to several stands with the first."""
    exports: AnswerPath
    """The table in which every pack made is noted."""
    issues: Issues
    shows: dict[AnswerPath, tuple[Key, ...]] = {}
    """Of tables with rows that may not leave, the columns that a form shows of such a row."""
    packs: tuple[Pack, ...] = Field(min_length=1)
