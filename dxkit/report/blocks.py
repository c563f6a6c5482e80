"""The pieces a report is built of, as plain HTML that every exporter understands; nothing else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from dxkit.charts import Chart


@dataclass(frozen=True)
class Block:
    """A piece of a report; notebooks show it, exporters read it."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __add__(self, other: Block) -> Block:
        """Put one piece below the other."""
        return Block(self.html + other.html)

    def __bool__(self) -> bool:
        """Tell whether there is anything to print."""
        return bool(self.html)


NOTHING = Block("")


@dataclass(frozen=True)
class Head:
    """A column of a table: its heading, its share of the width in percent and how cells align."""

    label: str
    width: float
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell with a class or a span."""

    text: str
    kind: str = ""
    across: int = 1
    down: int = 1


Row = Sequence[str | Cell]

NO_ENTRY = "—"
# The most rows and characters of a table that stays on one page, together with what leads to it.
SHORT, BRIEF = 6, 240
_REFERENCE = re.compile(r"\{(?P<words>[^{}:]+):(?P<anchor>[\w-]+)\}")
_ALIGNED = {"": "left", "mid": "center", "num": "right"}


def table(
    caption: str,
    heads: Sequence[Head],
    rows: Iterable[Row],
    *,
    anchor: str = "",
    empty: str = "暂无记录",
    lead: Block = NOTHING,
) -> Block:
    """Return a table with a repeating head; without rows it says why in one line.

    An empty cell shows a dash, so that nobody takes it for a place to fill in. A table without a
    caption bears no number. `lead` is what points to it from above.
    """
    lines = [[_entry(each) for each in row] for row in rows]
    body = [_row(line, heads) for line in lines]
    if not body:
        body = [f'<tr><td{_looks("mid")} colspan="{len(heads)}">{escape(empty)}</td></tr>']
    cols = "".join(f'<col style="width:{head.width:g}%">' for head in heads)
    centred = _looks("mid")
    head = "".join(f"<th{centred}>{escape(each.label)}</th>" for each in heads)
    name = f' id="{escape(anchor)}"' if anchor else ""
    html = (
        f"<table{name}>{_caption(caption)}<colgroup>{cols}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )
    shown = lead + Block(html)
    return wrap(shown, "keep") if _is_short(lines) else shown


def wide(block: Block) -> Block:
    """Return something on pages turned sideways, what leads to it included."""
    return wrap(block, "landscape")


def form(
    rows: Iterable[Row],
    widths: Sequence[float],
    caption: str = "",
    kind: str = "",
    *,
    anchor: str = "",
) -> Block:
    """Return a table without a head, as forms have: label cells beside value cells."""
    cols = "".join(f'<col style="width:{width:g}%">' for width in widths)
    body = "".join(_row(row, ()) for row in rows)
    name = f' class="{kind}"' if kind else ""
    name += f' id="{escape(anchor)}"' if anchor else ""
    return Block(
        f"<table{name}>{_caption(caption)}<colgroup>{cols}</colgroup><tbody>{body}</tbody></table>"
    )


def figure(chart: Chart, caption: str, *, anchor: str = "") -> Block:
    """Return a captioned picture whose words say what it shows."""
    data = base64.b64encode(chart.png).decode("ascii")
    name = f' id="{escape(anchor)}"' if anchor else ""
    return Block(
        f'<figure{name}><img src="data:image/png;base64,{data}" alt="{escape(chart.alt)}" '
        f'style="width:{chart.width_cm:g}cm"><figcaption>{escape(caption)}</figcaption></figure>'
    )


def prose(text: str | None, kind: str = "") -> Block:
    """Return free text as paragraphs, one for each line that says something."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return join(paragraph(line, kind) for line in lines)


def paragraph(text: str, kind: str = "") -> Block:
    """Return one paragraph of a named style."""
    name = f' class="{kind}"' if kind else ""
    return Block(f"<p{name}>{escape(text)}</p>")


def refer(words: str) -> Block:
    """Return a paragraph that points to tables and figures, each written `{下表:anchor}`.

    Exporters put the number in place of the words, which stay where nothing is numbered.
    """
    return Block(f"<p>{_REFERENCE.sub(_link, escape(words))}</p>")


def labelled(label: str, text: str) -> Block:
    """Return a paragraph that begins with its label in bold."""
    return Block(f"<p><strong>{escape(label)}</strong>{escape(text)}</p>")


def bullets(items: Iterable[str]) -> Block:
    """Return a list, or nothing for no items."""
    inner = "".join(f"<li>{escape(item)}</li>" for item in items)
    return Block(f"<ul>{inner}</ul>") if inner else NOTHING


def heading(level: int, text: str) -> Block:
    """Return a heading below those that the notebook writes itself."""
    return Block(f"<h{level}>{escape(text)}</h{level}>")


def join(blocks: Iterable[Block]) -> Block:
    """Put pieces one below the other."""
    return Block("".join(block.html for block in blocks))


def wrap(block: Block, kind: str, tag: str = "div") -> Block:
    """Return a piece inside a division of a class."""
    return Block(f'<{tag} class="{kind}">{block.html}</{tag}>')


def front_page(title: str, inner: Block) -> Block:
    """Return a page of its own before chapter 1, below a title that no contents list."""
    return wrap(paragraph(title, "front-title") + inner, "front", "section")


def _link(reference: re.Match[str]) -> str:
    return f'<a class="ref" href="#{reference["anchor"]}">{reference["words"]}</a>'


def _caption(words: str) -> str:
    return f"<caption>{escape(words)}</caption>" if words else ""


def _is_short(lines: Sequence[Row]) -> bool:
    texts = (cell.text if isinstance(cell, Cell) else cell for line in lines for cell in line)
    return len(lines) <= SHORT and sum(map(len, texts)) <= BRIEF


def _entry(cell: str | Cell) -> str | Cell:
    if isinstance(cell, Cell):
        return replace(cell, text=cell.text or NO_ENTRY)
    return cell or NO_ENTRY


def _looks(kind: str) -> str:
    """Return class and alignment; written out, since notebooks align every cell to the right."""
    if kind in _ALIGNED:
        return f' style="text-align:{_ALIGNED[kind]}"'
    centred = "" if "seal-box" in kind else ' style="text-align:center"'
    return f' class="{kind}"{centred}'


def _row(row: Row, heads: Sequence[Head]) -> str:
    """Align cells as their columns; a short row lies beside cells that reach down from above."""
    cells = (each if isinstance(each, Cell) else Cell(each) for each in row)
    kinds = [head.kind for head in heads][-len(row) :] or [""] * len(row)
    return "<tr>" + "".join(map(_cell, cells, kinds)) + "</tr>"


def _cell(cell: Cell, usual: str) -> str:
    kind = cell.kind or ("" if cell.across > 1 else usual)
    attributes = _looks(kind)
    attributes += f' colspan="{cell.across}"' if cell.across > 1 else ""
    attributes += f' rowspan="{cell.down}"' if cell.down > 1 else ""
    return f"<td{attributes}>{'<br>'.join(escape(line) for line in cell.text.splitlines())}</td>"
