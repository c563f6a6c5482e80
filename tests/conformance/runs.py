"""What one engine makes of a notebook: the file it leaves, and how it ended."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from papermill import execute_notebook

from dxkit.batch.connection import private_connection
from tests.conformance.notebooks import ALL

CHANGING = [
    (r"ipykernel_\d+[/\\]\d+\.py", "ipykernel_N/N.py"),
    (r"0x[0-9a-f]{6,}", "0xN"),
    (r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", "UUID"),
    (r"(CPU times|Wall time):?[^\n]*", r"\1"),
    (r"\d+(\.\d+)? (ns|[\u00b5\u03bc]s|us|ms|s) ± [^\n]*", "TIME"),
    (r"ThreadPoolExecutor-\d+_\d+|asyncio_\d+", "POOL"),
    (r"pid[= ]\d+", "PID"),
]
"""What differs from one run to the next on the same engine."""


PATIENCE, TRIES = 30, 3
"""Seconds for a cell of a stock kernel, and how often it is tried: now and then, on a busy machine,
a message of its is lost, and papermill's own engine waits for it for ever."""


def run_stock(name: str, folder: Path) -> dict[str, Any]:
    """Run a notebook with papermill's own engine; once more where that lost a message."""
    if ALL[name].options:
        return run(None, name, folder)
    for trial in range(TRIES):
        told = run(None, name, folder / str(trial), execution_timeout=PATIENCE)
        if not str(told.get("/raised", "")).startswith("CellTimeoutError"):
            break
    return told


def run(engine: str | None, name: str, folder: Path, **options: Any) -> dict[str, Any]:
    """Run a notebook in a folder, with its own options and more; return what came of it."""
    awkward = ALL[name]
    place = folder / "place"
    place.mkdir(parents=True)
    nbformat.write(awkward.notebook(), folder / "in.ipynb", version=nbformat.NO_CONVERT)
    raised = None
    os.environ.pop("PYTEST_CURRENT_TEST", None)  # ipykernel would not watch descriptors
    logging.disable(logging.CRITICAL)
    with (
        private_connection(folder) as config,  # or two stock kernels may choose one port, and hang
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            execute_notebook(
                folder / "in.ipynb",
                folder / "out.ipynb",
                awkward.parameters,
                engine_name=engine,
                progress_bar=False,
                cwd=place,
                config=config,
                **awkward.options,
                **options,
            )
        except BaseException as exc:
            raised = [type(exc).__name__, str(exc)]
        finally:
            logging.disable(logging.NOTSET)
    left = {each.name: each.read_text(encoding="utf-8") for each in sorted(place.glob("*.txt"))}
    told = {
        "raised": raised,
        "left": left,
        "notebook": json.loads((folder / "out.ipynb").read_text(encoding="utf-8")),
    }
    return dict(_flat(_normal(told, str(folder))))


def _normal(told: dict[str, Any], folder: str) -> Any:
    """Return the same without what differs from one run to the next."""
    notebook = told["notebook"]
    for each in (notebook, *notebook["cells"]):
        each.get("id") and each.update(id=re.sub(r"^(?!cell-).*", "ID", each["id"]))
        timed = each["metadata"].get("papermill", {})
        for key in ("start_time", "end_time", "duration"):
            timed[key] = timed.get(key) is not None
        for key in each["metadata"].get("execution", {}):
            each["metadata"]["execution"][key] = "TIME"
        each["outputs"] = list(_joined(each["outputs"])) if "outputs" in each else None
        if each["outputs"] is None:
            del each["outputs"]
    text = json.dumps(told, ensure_ascii=True).replace(json.dumps(folder)[1:-1], "FOLDER")
    for pattern, told_as in CHANGING[:1]:
        text = re.sub(pattern, told_as, text)
    seen: dict[str, str] = {}
    text = re.sub(
        r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])",
        lambda found: seen.setdefault(found[0], f"ID-{len(seen)}"),
        text,
    )
    return _replaced(json.loads(text))


def _joined(outputs: list[Any]) -> Iterator[Any]:
    """Yield outputs; what was printed in a row is one, for a stream is cut by the clock."""
    last: Any = None
    for each in outputs:
        if last and each["output_type"] == "stream" and each["name"] == last.get("name"):
            last["text"] += each["text"]
            continue
        last = each
        yield each


def _replaced(told: Any) -> Any:
    if isinstance(told, str):
        for pattern, told_as in CHANGING:
            told = re.sub(pattern, told_as, told)
        return told
    if isinstance(told, list):
        return [_replaced(each) for each in told]
    if isinstance(told, dict):
        return {key: _replaced(value) for key, value in told.items()}
    return told


def _flat(told: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf with the path to it; text whole, since its lines may differ in number."""
    if isinstance(told, dict) and told:
        for key, value in told.items():
            yield from _flat(value, f"{path}/{key}")
    elif isinstance(told, list) and told and not all(isinstance(each, str) for each in told):
        for number, value in enumerate(told):
            yield from _flat(value, f"{path}/{number}")
    else:
        yield path, "".join(told) if isinstance(told, list) else told
