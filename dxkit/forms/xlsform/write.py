"""A record form as an XLSForm workbook for ODK Collect and KoboToolbox."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.forms.returned import Stamp
from dxkit.forms.xlsform.expressions import literal
from dxkit.forms.xlsform.layout import ENTERPRISE, RECORDER, lay_out
from dxkit.forms.xlsform.survey import ChoiceLists, Row, Survey
from dxkit.models.annex import Annex

_COLUMNS = {
    "survey": (
        "type",
        "name",
        "label",
        "hint",
        "required",
        "required_message",
        "relevant",
        "constraint",
        "constraint_message",
        "calculation",
        "appearance",
        "parameters",
    ),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "version", "instance_name"),
}
_WIDTHS = {"type": 26, "name": 34, "label": 44, "hint": 60, "form_title": 60}


def write_xlsform(annex: Annex, definitions: Definitions, stamp: Stamp, case: Case | None) -> bytes:
    """Return the workbook that a form server turns into a form on the phone.

    Args:
        annex: the form; what is computed or signed stays out.
        definitions: the set that the form belongs to.
        stamp: what the returned data shall carry to say what was sent out.
        case: the enterprise, whose name the form shows; None for a form that asks for it.
    """
    lists = ChoiceLists()
    # `${…}` would be read as a reference to a question.
    enterprise = case.name.replace("${", "$（") if case is not None else ""
    survey = Survey(lay_out(annex, definitions), definitions, lists).rows(
        stamp.as_text(), enterprise
    )
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "survey", survey)
    _sheet(book, "choices", list(lists.rows()))
    _sheet(book, "settings", [_settings(annex, stamp, enterprise)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _settings(annex: Annex, stamp: Stamp, enterprise: str) -> Row:
    title = f"{annex.mark} {annex.title}"
    named = hashlib.sha256(stamp.case.encode()).hexdigest()[:8]
    who = literal(f"{enterprise} ") if enterprise else f"${{{ENTERPRISE}}}, ' '"
    return {
        "form_title": f"{title}（{enterprise}）" if enterprise else title,
        "form_id": f"dxkit_{annex.id}" + (f"_{named}" if stamp.case else ""),
        "version": f"{stamp.edition}.{stamp.n}",
        "instance_name": f"concat({who}, ${{{RECORDER}}}, ' ', format-date(today(), '%Y-%m-%d'))",
    }


def _sheet(book: Workbook, name: str, rows: Sequence[Row]) -> None:
    sheet, columns = book.create_sheet(name), _COLUMNS[name]
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    _dress(sheet, columns)


def _dress(sheet: Worksheet, columns: Sequence[str]) -> None:
    """Make the sheet legible, and every cell a text: none of them is a formula."""
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for number, column in enumerate(columns, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, 20)
    sheet.freeze_panes = "A2"
