"""Which proposed rows of a returned table count as its rows, although nobody wrote in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dxkit.forms.returned import Table, Unmatched
from dxkit.models.annex import Field
from dxkit.models.seeds import Seeds

HOW = "要采用这些行，导入时加 --take-proposed"


@dataclass(frozen=True)
class Proposals:
    """Judges proposed rows: a table that somebody began on the form keeps those left standing.

    Rows that the case holds by now are those of people, and proposals are no longer needed.
    """

    seeds: Seeds
    take_all: bool = False

    def judged(self, field: Field, table: Table, has_rows: bool) -> tuple[Table, list[Unmatched]]:
        """Return a table without the proposed rows that are not taken, and what is said of them.

        Args:
            field: the table's definition.
            table: what the file says.
            has_rows: whether the case holds rows of this table by now.
        """
        left = [row for row in table.rows if row.proposed]
        begun = not has_rows and self._is_begun(field, table, len(left))
        if not left or self.take_all or begun:
            return table, []
        found = f"预置的{len(left)}行没有改动"
        remark = Unmatched(field.label, found, f"预置的行只供参考，没有读入；{HOW}")
        return replace(table, rows=tuple(row for row in table.rows if not row.proposed)), [remark]

    def _is_begun(self, field: Field, table: Table, left: int) -> bool:
        offered = len(self.seeds.rows_for(field))
        return field.seed_taken == "begun" and (len(table.rows) > left or left < offered)
