"""A sitting of one person at one case: what the page asks is answered, what is new is told."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dxkit.case.journal import Entry
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, DxkitError, os_problem
from dxkit.workshop import news
from dxkit.workshop.changing.undoing import Did
from dxkit.workshop.files.exporting import Jobs
from dxkit.workshop.files.inbox import Inbox
from dxkit.workshop.presence import Presence
from dxkit.workshop.seeing.desk import Desk
from dxkit.workshop.seeing.visitors import Visitor, visitor
from dxkit.workshop.verbs import answering

Message = Mapping[str, Any]
Reply = dict[str, Any]
log = logging.getLogger(__name__)


class Session:
    """One person, one page, one case.

    `handle` answers a request and never raises; `news` returns what the page should be told, and
    costs two looks at the folder while nothing happens.
    """

    def __init__(
        self,
        case: Path | str,
        who: Visitor | None = None,
        definitions: Definitions | None = None,
    ) -> None:
        self.desk = Desk(case, who or visitor(definitions=definitions), definitions)
        person = self.desk.visitor
        self.presence = Presence(self.desk.case.id, person.name, person.role.label)
        self.done: list[Did] = []
        self.undone: list[Did] = []
        self.watched: frozenset[str] = frozenset()
        self.open = answering.NOWHERE
        self.jobs = Jobs()
        self.inbox = Inbox.of(self.desk.case.id) if self.desk.access.may("collect") else None
        self.told = news.Told()

    def handle(self, message: Message, buffers: Sequence[bytes] = ()) -> Reply:
        """Answer one request; whatever goes wrong is said in Chinese, and nothing is lost by it."""
        number = message.get("id") if isinstance(message, Mapping) else None
        told = number if isinstance(number, int) else None
        return {"re": told, **self._guarded(lambda: self._answer(message, buffers))}

    def _answer(self, message: Message, buffers: Sequence[bytes]) -> Reply:
        """Answer what consists of whole characters; nothing else could be stored or said back."""
        try:
            json.dumps(message, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise CaseError("内容中有残缺的字符（如半个表情符号），请删去后再试") from None
        return answering.answer(self, message, buffers)

    def news(self) -> list[Reply]:
        """Return what has happened since the last call that the page should be told."""
        return [*self._heard(news.of_case), *self._heard(news.beside)]

    def _heard(self, look: Callable[[Session], list[Reply]]) -> list[Reply]:
        """Look for news; what goes wrong is told, and does not keep other news back."""
        try:
            return look(self)
        except DxkitError as exc:
            return self._once({"tell": "problem", "problem": "；".join(map(str, exc.problems))})
        except Exception:
            return [] if self.told.trouble else self._once({"tell": "problem", **fault()})

    def catch_up(self) -> Sequence[Entry]:
        """Take in what was journalled meanwhile, by whomever."""
        entries = self.desk.catch_up()
        self.told.stale = self.told.stale or bool(entries)
        return entries

    def rest(self) -> None:
        """Be seen by nobody while the browser is silent; the next request is still answered."""
        self.presence.leave()

    def close(self) -> None:
        """End the sitting: others see it no more, and no export goes on."""
        self.presence.leave()
        self.jobs.close()

    def _guarded(self, answer: Callable[[], Reply]) -> Reply:
        try:
            return answer()
        except DxkitError as exc:
            return {"problem": "；".join(str(each) for each in exc.problems)}
        except OSError as exc:
            return {"problem": str(os_problem(exc))}
        except Exception:
            return fault()

    def _once(self, told: Reply) -> list[Reply]:
        """Tell a trouble when it begins, not twice a second while it lasts."""
        if self.told.trouble:
            return []
        self.told.trouble = True
        return [told]


def fault() -> Reply:
    """Log the error that is being handled under a number and return what the page says of it."""
    number = secrets.token_hex(4)
    log.exception("fault %s", number)
    return {"problem": f"程序出错，编号 {number}；已保存的内容不受影响", "fault": number}
