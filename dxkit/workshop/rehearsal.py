"""A sitting at a case of nobody's, gone through once so that a real one finds everything ready.

Whatever the first sitting of a process works out, such as the questions of all forms by their
paths, the processes forked from it afterwards share instead of each working it out anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dxkit.case import create
from dxkit.definitions import QUESTIONS, load
from dxkit.definitions.roles_fit import LEADER
from dxkit.scratch import scratch
from dxkit.workshop import news
from dxkit.workshop.seeing.visitors import Visitor
from dxkit.workshop.session import Session

NAME = "rehearsal"


def rehearse() -> None:
    """Go through what every page does; no case, folder or file of the workspace is touched."""
    for _ in replies():
        pass


def replies() -> Iterator[dict[str, Any]]:
    """Yield what the pages of a rehearsal are answered."""
    definitions = load()
    leader = definitions.roles[LEADER]
    rights = tuple(right for right in leader.may if right != "collect")  # makes no drop folder
    person = Visitor(NAME, NAME, leader.model_copy(update={"may": rights}))
    with scratch(NAME, "nobody") as folder:
        case = create(folder / NAME, {}, definitions, NAME)
        session = Session(case.folder, person, definitions)
        yield session.handle({"do": "hello"})
        yield session.handle({"do": "watch", "topics": [news.RESULTS]})
        for section in definitions.annexes[QUESTIONS].sections:
            yield session.handle({"do": "open", "form": QUESTIONS, "section": section.id})
        for key, field in definitions.annexes[QUESTIONS].questions():
            if field.choices:
                path, chosen = f"{QUESTIONS}.{key}", field.choices[0].code
                yield session.handle({"do": "edit", "path": path, "raw": chosen, "seen": None})
                break
        yield from news.of_case(session)
        session.close()
