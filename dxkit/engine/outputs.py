"""A kernel's message as an output of a cell: nbformat's own, without proving the obvious.

nbformat holds every output against its schema, which takes longer than all else that is done with
it. Text under the names of its kinds fits by what it is; anything else is nbformat's to judge.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from nbclient import client
from nbformat import NotebookNode, from_dict
from nbformat.v4 import output_from_msg


def output_of(message: dict[str, Any]) -> NotebookNode:
    """Return what `nbformat.v4.output_from_msg` returns.

    Raises:
        ValueError: if the message is none about an output.
    """
    kind, content = message["header"]["msg_type"], message["content"]
    if kind == "stream" and _are_text(content["name"], content["text"]):
        node = {key: content[key] for key in ("name", "text")}
    elif kind in ("display_data", "execute_result") and _is_plain(content):
        node = {key: content[key] for key in ("metadata", "data")}
        if kind == "execute_result":
            node["execution_count"] = content["execution_count"]
    else:
        made: NotebookNode = output_from_msg(message)  # type: ignore[no-untyped-call]
        return made
    plain: NotebookNode = from_dict({"output_type": kind, **node})  # type: ignore[no-untyped-call]
    return plain


def taking_outputs_so(method: Any) -> Any:
    """Return a method of nbclient's client as it is, but for how it makes outputs of messages."""
    return FunctionType(method.__code__, {**vars(client), "output_from_msg": output_of})


def _is_plain(content: dict[str, Any]) -> bool:
    count = content.get("execution_count", 0)
    return (
        isinstance(content["metadata"], dict)
        and isinstance(content["data"], dict)
        and _are_text(*content["data"].values())
        and type(count) is int
        and count >= 0
    )


def _are_text(*values: Any) -> bool:
    return all(isinstance(each, str) for each in values)
