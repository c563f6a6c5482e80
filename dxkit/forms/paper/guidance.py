"""What a form tells people who fill it in: the help of its fields and of their columns."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.models.annex import Annex, Field

_LIKE = "。；， "


def guidance(annex: Annex) -> Iterator[tuple[str, str]]:
    """Yield what is to be known for filling in a form, a paragraph to each section by its title.

    The title is left out where the first field bears it.
    """
    for section in annex.sections:
        texts = [text for field in section.fields if field.paper for text in _told(field)]
        if texts:
            repeated = texts[0].startswith(section.title)
            yield "" if repeated else section.title, "".join(texts)


def _told(field: Field) -> Iterator[str]:
    """Yield the help of a field in one sentence with its label, then that of its columns."""
    told = [
        f"{column.label}——{column.help.rstrip(_LIKE)}"
        for column in field.columns
        if column.paper and _says_more(column, field)
    ]
    if field.help or told:
        columns = f"{'；'.join(told)}。" if told else ""
        yield f"{field.no} {field.label}：{field.help}{columns}".strip()


def _says_more(column: Field, field: Field) -> bool:
    """Tell whether a column's help says what neither its label nor the table's help says."""
    help_ = column.help.rstrip(_LIKE)
    return bool(help_) and help_ != column.label and help_ not in field.help
