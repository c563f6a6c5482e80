"""A session that holds one form in memory: enough to look at the pages without a case.

Its items are made from the real forms, so that every kind of field is met as it is asked.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dxkit.definitions import load
from dxkit.models.annex import Annex, Field, FieldType

TRUTH = {True: "是", False: "否"}
NUMERIC = {"count", "number", "percent", "money", "year"}


class StandIn:
    """One visitor at an invented case; `values` holds what is stored by path."""

    def __init__(
        self, role: str = "leader", forms: tuple[str, ...] = ("annex_3", "annex_6")
    ) -> None:
        self.definitions = load()
        self.forms = [self.definitions.annexes[form] for form in forms]
        self.role = role
        self.values: dict[str, Any] = {}
        self.saves = 0
        self.conflicts: list[dict[str, Any]] = []

    def handle(self, message: dict[str, Any], _buffers: list[bytes] = []) -> Any:  # noqa: B006
        """Answer as the session would."""
        answer = getattr(self, f"do_{message['do']}", None)
        reply = answer(message) if answer else {"problem": f"不认识的请求 {message['do']}"}
        return {"re": message["id"], **reply}

    def do_hello(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {
            "who": {"name": "王组长", "role": self.role, "role_words": "组长"},
            "case": {"id": "trial", "name": "内蒙古示例铜业有限公司", "demo": True},
            "views": ["record", "diagnosis", "workshop"],
            "forms": [self._form(annex) for annex in self.forms],
            "departments": ["生产部", "信息部"],
            "saved": None,
            "can": {"decide": self.role == "leader", "export": True},
        }

    def do_ping(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"pong": True}

    def do_watch(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {}

    def do_open(self, message: dict[str, Any]) -> dict[str, Any]:
        annex = self.definitions.annexes[message["form"]]
        section = next(each for each in annex.sections if each.id == message["section"])
        return {
            "form": annex.id,
            "section": section.id,
            "title": section.title,
            "note": section.note,
            "text": list(section.text),
            "items": [self.item(annex, field) for field in section.fields],
        }

    def do_edit(self, message: dict[str, Any]) -> dict[str, Any]:
        path, raw = message["path"], message["raw"]
        annex, field = self._field(path)
        stored = self.values.get(path)
        if stored != message["seen"] and stored != raw:
            conflict = {"n": 1, "path": path, "mine": raw, "theirs": stored, "who": "李四"}
            return {"conflict": conflict, "item": self.item(annex, field)}
        if field.type in NUMERIC and raw is not None:
            try:
                raw = float(raw) if "." in str(raw) else int(raw)
            except ValueError:
                return {"unfit": "应为不小于 0 的整数", "found": raw}
        self.values[path] = raw
        self.saves += 1
        return {"saved": {"at": datetime.now(UTC).isoformat()}, "item": self.item(annex, field)}

    def do_search(self, message: dict[str, Any]) -> dict[str, Any]:
        hits = [
            {"form": a.id, "section": s.id, "path": f"{a.id}.{f.key}", "label": f.label}
            for a in self.forms
            for s in a.sections
            for f in s.fields
            if message["words"] in f.label
        ]
        return {"hits": hits[:20]}

    def do_undo(self, _message: dict[str, Any]) -> dict[str, Any]:
        return {"problem": "没有可以撤销的改动"}

    do_redo = do_undo

    def _form(self, annex: Annex) -> dict[str, Any]:
        sections = [
            {"id": s.id, "title": s.title, "filled": 0, "asked": len(s.fields), "open_conflicts": 0}
            for s in annex.sections
        ]
        head = {"id": annex.id, "mark": annex.mark, "title": annex.title}
        return {**head, "editable": True, "restricted": annex.restricted, "sections": sections}

    def _field(self, path: str) -> tuple[Annex, Field]:
        form, key, *_ = path.split(".")
        annex = self.definitions.annexes[form]
        return annex, next(field for field in annex.fields if field.key == key)

    def item(self, annex: Annex, field: Field) -> dict[str, Any]:
        """Return a field as the page is told of it."""
        path = f"{annex.id}.{field.key}"
        value = self.values.get(path)
        choices = [{"code": each.code, "label": each.label} for each in field.choices]
        if field.type is FieldType.REGION:
            regions = self.definitions.regions.regions
            choices = [{"code": each.code, "label": each.name} for each in regions]
        return {
            "path": path,
            "key": field.key,
            "no": field.no,
            "label": field.label,
            "kind": field.type.value,
            "unit": field.unit,
            "required": field.required == "yes",
            "help": field.help,
            "clause": field.clause,
            "basis": "",
            "choices": choices,
            "longest": field.longest,
            "value": value,
            "text": ""
            if value is None
            else TRUTH.get(value, str(value))
            if isinstance(value, bool)
            else str(value),
            "editable": True,
            "computed": field.type is FieldType.COMPUTED,
            "shown": True,
            "answer": None,
            "findings": [],
            "conflicts": [],
            "changed": None,
        }
