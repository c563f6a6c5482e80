"""What a form tells people who fill it in: the help of its fields and of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from dxkit.models.annex import Annex, Field

_LIKE = "。；， "


def guidance(annex: Annex) -> Iterator[tuple[str, str]]:
    """Yield what is to be known for filling in a form, a paragraph to each section by its title.

    The title is left out where the first field bears it.
    """
    for section in annex.sections:
        printed = [each for each in section.fields if each.paper and (each.help or each.columns)]
        texts = [text for _, same in groupby(printed, _kind) for text in _told(tuple(same))]
        if texts:
            repeated = texts[0].startswith(section.title)
            yield "" if repeated else section.title, "".join(texts)


def _kind(field: Field) -> str:
    """Return the help of a plain field, so that neighbours with the same are told in one."""
    return field.key if field.columns else field.help


def _told(fields: Sequence[Field]) -> Iterator[str]:
    """Yield the help of a field, or of several, behind their labels, then that of its columns."""
    field = fields[0]
    told = [
        f"{column.label}——{column.help.rstrip(_LIKE)}"
        for column in field.columns
        if column.paper and _says_more(column, field)
    ]
    if field.help or told:
        labels = "、".join(f"{each.no} {each.label}".strip() for each in fields)
        columns = f"{'；'.join(told)}。" if told else ""
        yield f"{labels}：{field.help}{columns}"


def _says_more(column: Field, field: Field) -> bool:
    """Tell whether a column's help says what neither its label nor the table's help says."""
    help_ = column.help.rstrip(_LIKE)
    return bool(help_) and help_ != column.label and help_ not in field.help
